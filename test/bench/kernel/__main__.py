"""`npm run bench:kernel [-- names]`: this kernel against stock tslab, Deno's kernel and ipykernel, in turns in one run.

Checks that each gives the right answers, prints the medians in milliseconds and relative to ours,
and writes test/output/bench-kernel.json. The peers are set up when they are missing; one that cannot be installed is left out.

What the rows mean: "kernel_info_reply", "first cell" (1 + 1) and "tfjs usable" (a cell that uses TensorFlow.js, for ours also
`linearize`) are counted from the start of the process to the reply. The others are counted from the request to the last
message, in a kernel that has loaded TensorFlow.js where it can.
"""

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from contenders import ALL, COMM_BYTES, LINES, ROOT, Contender, Missing
from driven_kernel import DrivenKernel, Lost, text_of

ROUNDS, CELLS, COMPLETIONS = 3, 100, 20
OUTPUT = ROOT / "test" / "output" / "bench-kernel.json"
ROWS = [
    "start to kernel_info_reply",
    "start to first cell",
    "start to tfjs usable",
    "small cell, median of 100",
    "completion, median of 20",
    "10,000 lines of output",
    "100 MB through a comm",
]


def turn(contender: Contender) -> list[list[float] | str]:
    """For each of ROWS, the seconds of all tries, or the reason why there are none."""
    kernel = DrivenKernel(contender.name, str(ROOT))
    try:
        kernel.do("1 + 1")
        first_cell = kernel.since_start()
        if contender.tfjs:
            kernel.do(contender.tfjs)
        tfjs = [kernel.since_start()] if contender.tfjs else "has no TensorFlow.js"
        kernel.listen()
        kernel.value("1 + 1", "2")
        if contender.tfjs:
            kernel.value(contender.tfjs, "3")
        cells = [kernel.value(contender.cell.format(i=i), str(2 * i)) for i in range(CELLS)]
        kernel.complete(contender.prefix)
        completions = [kernel.complete(contender.prefix) for _ in range(COMPLETIONS)]
        comm = buffers(kernel, contender.comm) if contender.comm else "has no comms"
        return [[kernel.ready], [first_cell], tfjs, cells, completions, lines(kernel, contender.loop), comm]
    finally:
        kernel.close()


def lines(kernel: DrivenKernel, loop: str) -> list[float] | str:
    try:
        return [kernel.run(loop, lambda messages: text_of(messages).count("line") == LINES)[0]]
    except Lost:
        return "loses lines"


def buffers(kernel: DrivenKernel, code: str) -> list[float] | str:
    def received(messages):
        opened = [message for message in messages if message["msg_type"] == "comm_open"]
        return [len(buffer) for message in opened for buffer in message["buffers"]] == [COMM_BYTES]

    try:
        return [kernel.run(code, received, timeout=60)[0]]
    except Lost:
        return "loses the buffer"


def taking_part(names: list[str]) -> list[Contender]:
    contenders = []
    for make in ALL:
        if names and make.__name__ not in [name.lower() for name in names]:
            continue
        try:
            contenders.append(make())
        except Missing as reason:
            print(f"{make.__name__} is left out: {reason}")
    return contenders


def install(contenders: list[Contender], folder: str) -> None:
    for contender in contenders:
        kernel = Path(folder, "kernels", contender.name.lower())
        kernel.mkdir(parents=True)
        spec = {"argv": contender.argv, "display_name": contender.name, "language": "typescript"}
        kernel.joinpath("kernel.json").write_text(json.dumps(spec))


def summary(turns: list[list[list[float] | str]], row: int) -> float | str:
    """Milliseconds; whatever was lost once counts as lost."""
    results = [each[row] for each in turns]
    reason = next((result for result in results if isinstance(result, str)), None)
    return reason or 1000 * statistics.median(statistics.median(result) for result in results)


def report(results: dict[str, list[float | str]]) -> None:
    names = list(results)
    print(f"{'ms (times as long as ' + names[0] + ')':34}" + "".join(f"{name:>22}" for name in names))
    table = {}
    for i, row in enumerate(ROWS):
        base = results[names[0]][i]
        table[row] = {name: entry(results[name][i], base) for name in names}
        texts = [cell.get("reason") or f"{cell['ms']:,.1f} ({cell['ratio']:.2f})" for cell in table[row].values()]
        print(f"{row:34}" + "".join(f"{text:>22}" for text in texts))
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps({"processors": os.cpu_count(), "rounds": ROUNDS, "rows": table}, indent=2))


def entry(value: float | str, base: float | str) -> dict:
    if isinstance(value, str):
        return {"reason": value}
    return {"ms": value, "ratio": value / base if isinstance(base, float) else float("nan")}


def main() -> None:
    contenders = taking_part(sys.argv[1:])
    turns = {contender.name: [] for contender in contenders}
    with tempfile.TemporaryDirectory(prefix="piecewise-bench-") as folder:
        install(contenders, folder)
        os.environ["JUPYTER_PATH"] = folder
        for _ in range(ROUNDS):
            for contender in contenders:
                turns[contender.name].append(turn(contender))
    report({name: [summary(each, row) for row in range(len(ROWS))] for name, each in turns.items()})


main()
