"""The kernels that take part, and what each needs for the same work. Peers are installed once, into the cache folder."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = Path(os.environ.get("PIECEWISE_CACHE") or Path.home() / ".cache" / "piecewise")
DENO = "2.9.6"
LINES = 10_000
COMM_BYTES = 100_000_000


class Missing(Exception):
    """Why a kernel cannot take part."""


@dataclass(frozen=True)
class Contender:
    name: str
    argv: list[str]
    loop: str
    # {i} is the number of the cell; its value is 2 i.
    cell: str
    prefix: str
    # Loads TensorFlow.js and everything that the kernel brings for it, and gives 3. None: the kernel has no TensorFlow.js.
    tfjs: str | None
    # Sends COMM_BYTES. None: the kernel has no comms.
    comm: str | None


TYPESCRIPT = {
    "loop": f"for (let i = 0; i < {LINES}; i++) console.log('line ' + i);",
    "cell": "let v{i} = {i} * 2; v{i}",
    "prefix": "Math.hy",
}


def piecewise() -> Contender:
    kernel = ROOT / "kernel-ext" / "lib" / "kernel" / "main.js"
    if not kernel.exists():
        raise Missing("not built: npm run setup")
    return Contender(
        "Piecewise",
        [node(), str(kernel), "{connection_file}"],
        tfjs="linearize.name && tf.add(1, 2).dataSync()[0]",
        comm="globalThis[Symbol.for('piecewise.comms')].connect('bench', {}, "
        f"{{ buffers: [new Uint8Array({COMM_BYTES})] }}); undefined",
        **TYPESCRIPT,
    )


def tslab() -> Contender:
    """The very package that this project builds on, unchanged, with TensorFlow.js on the same native library."""
    program = ROOT / "node_modules" / "tslab" / "bin" / "tslab"
    if not program.exists():
        raise Missing("not installed: npm run setup")
    return Contender(
        "tslab",
        [node(), str(program), "kernel", "--config-path", "{connection_file}"],
        tfjs="import * as tf from '@tensorflow/tfjs-node';\ntf.add(1, 2).dataSync()[0]",
        comm=None,
        **TYPESCRIPT,
    )


def deno() -> Contender:
    """The binary in npm's package; its install script is not needed. Deno has no native TensorFlow.js."""
    folder = CACHE / f"deno-{DENO}"
    if not list(folder.glob("node_modules/@deno/*/deno")):
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run([*install, f"deno@{DENO}"], capture_output=True, text=True)
        if done.returncode != 0:
            raise Missing(f"npm could not install deno@{DENO}: {done.stderr.strip().splitlines()[-1]}")
    binary = next(folder.glob("node_modules/@deno/*/deno"), None)
    if binary is None:
        raise Missing(f"deno@{DENO} has no binary for this machine")
    return Contender(
        "Deno",
        [str(binary), "jupyter", "--kernel", "--conn", "{connection_file}"],
        tfjs="import * as tf from '@tensorflow/tfjs';\nawait tf.setBackend('cpu');\ntf.add(1, 2).dataSync()[0]",
        comm="await Deno.jupyter.broadcast('comm_open', { comm_id: 'c', target_name: 'bench', data: {} }, "
        f"{{ buffers: [new Uint8Array({COMM_BYTES})] }});",
        **TYPESCRIPT,
    )


def ipykernel() -> Contender:
    if find_spec("ipykernel") is None:
        raise Missing("JupyterLab's Python environment has no ipykernel")
    return Contender(
        "ipykernel",
        [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        loop=f"for i in range({LINES}): print('line', i)",
        cell="v{i} = {i} * 2; v{i}",
        prefix="import os; os.pat",
        tfjs=None,
        comm=f"import comm; comm.create_comm(target_name='bench', buffers=[bytes({COMM_BYTES})]); None",
    )


def node() -> str:
    return shutil.which("node") or "node"


ALL = [piecewise, tslab, deno, ipykernel]
