"""One running kernel, driven by jupyter_client."""

import queue
import subprocess
import time

from jupyter_client.manager import KernelManager

TIMEOUT = 120
# A result can arrive after `idle` (Deno's sometimes does); one that has not arrived by then is lost.
LATE = 2


class Lost(Exception):
    """What a kernel should have sent did not arrive, or arrived as no valid message (as from Deno's when it is flooded)."""


class DrivenKernel:
    """Starts the kernel whose spec is called `name` and waits for its first reply; `ready` is the time until then, in s."""

    def __init__(self, name: str, cwd: str):
        self.name = name
        self.began = time.perf_counter()
        self.manager = KernelManager(kernel_name=name.lower())
        self.manager.start_kernel(cwd=cwd, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.client = self.manager.client()
        self.client.start_channels()
        self.reply(self.client.kernel_info())
        self.ready = self.since_start()

    def since_start(self) -> float:
        return time.perf_counter() - self.began

    def reply(self, request: str) -> dict:
        """The content of the reply to a request on the shell channel. Raises if the request failed."""
        while True:
            message = self.client.get_shell_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == request:
                break
        content = message["content"]
        # tslab's kernel_info_reply has no status.
        if content.get("status", "ok") != "ok":
            raise RuntimeError(f"{self.name}: {content}")
        return content

    def do(self, code: str) -> None:
        """Runs a cell and looks only at its reply."""
        self.reply(self.client.execute(code))

    def listen(self) -> None:
        """Waits until what the kernel publishes arrives: a subscription takes effect some time after the first reply."""
        while True:
            self.client.kernel_info()
            try:
                self.client.get_iopub_msg(timeout=0.2)
                return
            except queue.Empty:
                pass

    def run(self, code: str, is_whole, timeout: float = LATE) -> tuple[float, list[dict]]:
        """
        Runs a cell until the kernel is idle again and `is_whole(messages)`.

        `timeout` is how long nothing may come once the reply is there, in s.
        Returns the seconds that took, and the messages on iopub. Raises Lost when something never came.
        """
        began = time.perf_counter()
        sent = self.client.execute(code)
        messages, idle = [], False
        while not (idle and is_whole(messages)):
            message = self.heard(timeout)
            if message["parent_header"].get("msg_id") != sent:
                continue
            messages.append(message)
            idle = idle or message["content"].get("execution_state") == "idle"
        self.reply(sent)
        return time.perf_counter() - began, messages

    def heard(self, timeout: float) -> dict:
        try:
            return self.client.get_iopub_msg(timeout=timeout)
        except queue.Empty:
            raise Lost(f"nothing arrived for {timeout} s") from None
        except ValueError as fault:
            raise Lost(f"what arrived is not a message: {fault}") from None

    def value(self, code: str, wanted: str) -> float:
        """Seconds until the cell's value `wanted` has arrived."""
        try:
            return self.run(code, lambda messages: wanted in text_of(messages), TIMEOUT)[0]
        except Lost as reason:
            raise RuntimeError(f"{self.name}: {code} did not give {wanted}: {reason}") from None

    def complete(self, code: str) -> float:
        began = time.perf_counter()
        if not self.reply(self.client.complete(code))["matches"]:
            raise RuntimeError(f"{self.name} completes nothing after {code}")
        return time.perf_counter() - began

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def text_of(messages: list[dict]) -> str:
    contents = [message["content"] for message in messages]
    return "".join(c.get("text", "") + str(c.get("data", {}).get("text/plain", "")) for c in contents)
