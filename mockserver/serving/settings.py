"""What can be settled before a server runs: each is an option of `serve`, a variable and a line of the configuration file."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings by name, as `mockserver serve --help` explains them."""

    host: str
    port: int
    world: str
    seed: int
    clock: str
    profile: str
    reading: tuple[str, ...]
    readings: Path | None
    rate_limit: str
    watch: bool
    state: Path | None
    state_every: float
    tls: bool
    tls_name: tuple[str, ...]
    tls_folder: Path
    cert: Path | None
    key: Path | None
    control: str
    control_token: str | None
    allow_host: tuple[str, ...]
    log: str
    patience: float
