"""Names the platform of the wheel: the kernel in it has binaries, but none that depends on the version of Python."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PlatformTag(BuildHookInterface):
    def initialize(self, version, build_data):
        platform = Path(self.root, "platform.txt").read_text().strip()
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
