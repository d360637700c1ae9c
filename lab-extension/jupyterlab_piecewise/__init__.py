"""Carries the prebuilt JupyterLab extension jupyterlab-piecewise."""

__version__ = "0.1.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where `jupyter labextension develop` finds the extension."""
    return [{"src": "labextension", "dest": "jupyterlab-piecewise"}]
