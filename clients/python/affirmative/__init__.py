"""Says that something happened: `Client("https://affirmative.example.org", "prod").affirm("backup_done")`."""

from .client import Client
from .runs import Run
from .version import VERSION as __version__

__all__ = ["Client", "Run", "__version__"]
