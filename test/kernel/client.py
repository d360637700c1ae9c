"""Drives Jupyter's own client for the mocha specs: JSON lines in, JSON lines out, buffers in base64.

In:  {"id": 1, "op": "start", ...}          Out: {"id": 1, "result": ...} or {"id": 1, "error": "..."}
and, unasked, every message of the kernel:       {"channel": "iopub", "message": {...}}
and, when it has ended by itself:                {"ended": true}
"""

import asyncio
import base64
import json
import sys

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session

CHANNELS = ("shell", "control", "iopub", "stdin")


def emit(line):
    sys.stdout.write(json.dumps(line, default=str) + "\n")
    sys.stdout.flush()


class Driver:
    def __init__(self):
        self.manager = None
        self.client = None
        self.tasks = []

    async def start(self, kernel, cwd):
        self.manager = AsyncKernelManager(kernel_name=kernel)
        # Not our stdout: Node would make the pipe non-blocking for us, too, and long lines would get lost.
        await self.manager.start_kernel(cwd=cwd, stdout=sys.stderr)
        await self.join()

    def connect(self):
        self.client = self.manager.client()
        self.client.start_channels()

    def listen(self):
        self.tasks = [asyncio.create_task(self.forward(name)) for name in CHANNELS]
        self.tasks.append(asyncio.create_task(self.watch()))

    async def watch(self):
        while await self.manager.is_alive():
            await asyncio.sleep(0.2)
        await asyncio.sleep(1)  # What it had sent arrives.
        emit({"ended": True})

    async def forward(self, name):
        channel = getattr(self.client, f"{name}_channel")
        while True:
            message = await channel.get_msg(timeout=None)
            buffers = [base64.b64encode(bytes(buffer)).decode() for buffer in message.pop("buffers", [])]
            emit({"channel": name, "message": {**message, "buffers": buffers}})

    async def send(self, channel, type, content, buffers=(), key=None):
        """`key` signs with another key than the kernel's, as a stranger would."""
        session = self.client.session
        message = session.msg(type, content)
        raw = [base64.b64decode(buffer) for buffer in buffers]
        sender = session if key is None else Session(key=key.encode())
        sender.send(getattr(self.client, f"{channel}_channel").socket, message, buffers=raw)
        return message["header"]["msg_id"]

    async def raw(self, channel, type, content):
        """Sends a well signed message whose content is any text."""
        session = self.client.session
        header = session.msg(type)["header"]
        parts = [session.pack(header), b"{}", b"{}", content.encode()]
        socket = getattr(self.client, f"{channel}_channel").socket
        socket.send_multipart([b"<IDS|MSG>", session.sign(parts), *parts])
        return header["msg_id"]

    async def frames(self, channel, frames):
        socket = getattr(self.client, f"{channel}_channel").socket
        socket.send_multipart([frame.encode() for frame in frames])

    async def interrupt(self):
        await self.manager.interrupt_kernel()

    async def restart(self, now=False):
        """`now` is what a Jupyter server does when it finds its kernel dead."""
        self.leave()
        await self.manager.restart_kernel(now=now)
        await self.join()

    def leave(self):
        for task in self.tasks:
            task.cancel()
        self.client.stop_channels()

    async def join(self):
        self.connect()
        await self.client.wait_for_ready(timeout=60)
        self.listen()

    async def replace_client(self):
        """This client leaves, whatever the kernel is at, and another one comes."""
        self.leave()
        await self.join()

    async def shutdown(self):
        await self.manager.shutdown_kernel(now=False)

    async def alive(self):
        return await self.manager.is_alive()

    async def beating(self):
        """Whether the heartbeat answers within a second."""
        import zmq.asyncio

        socket = zmq.asyncio.Context.instance().socket(zmq.REQ)
        socket.linger = 0
        info = self.manager.get_connection_info()
        socket.connect(f"tcp://{info['ip']}:{info['hb_port']}")
        await socket.send(b"ping")
        answered = await socket.poll(1000) != 0
        socket.close()
        return answered


async def main():
    driver = Driver()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        request = json.loads(line)
        try:
            result = await getattr(driver, request["op"])(**request.get("arguments", {}))
            emit({"id": request["id"], "result": result})
        except Exception as error:  # The spec decides what to make of it.
            emit({"id": request["id"], "error": f"{type(error).__name__}: {error}"})
    if driver.manager and await driver.manager.is_alive():
        await driver.manager.shutdown_kernel(now=True)


asyncio.run(main())
