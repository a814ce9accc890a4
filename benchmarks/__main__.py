"""`python -m benchmarks` measures everything and prints it."""

from tabulate import tabulate

from benchmarks import in_process, kit, loopback


def main() -> None:
    print("In process\n")
    print(tabulate(in_process.measure(), ["", "µs a call", "Starlette µs", "ratio"], floatfmt=(None, ".1f", ".1f", ".2f")))
    print("\nThe test kit\n")
    print(tabulate(kit.measure(), ["", "µs", "reference µs", "ratio", "at most"], floatfmt=(None, ".1f", ".1f", ".2f", None)))
    print("\nOver loopback\n")
    headers = ["", "calls/s", "reference calls/s", "ratio", "target", "p99 ms"]
    print(tabulate(loopback.measure(), headers, floatfmt=(None, ".0f", ".0f", ".2f", ".2f", ".1f")))


main()
