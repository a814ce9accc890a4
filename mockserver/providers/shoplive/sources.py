"""Where what is known of Shoplive's API can be read."""

STATS_PAGE = "docs.shoplive.cloud, Retrieve campaign stats"
TOKEN_PAGE = "docs.shoplive.cloud, JWT token"
ERROR_TABLES = "docs.shoplive.kr, Android error codes; github.com/shoplive/guide, error codes"
CLIENT = "ikegamikohei-clovertech/shoplive-rakuten-demo, run against the live API"
