"""Speed, as ratios against plain uvicorn and Starlette in the same run."""
