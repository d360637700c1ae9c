"""Unpacks the members of a wheel whose names start with a given prefix: unpack-wheel.py WHEEL FOLDER PREFIX..."""

import sys
import zipfile

wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    names = [name for name in archive.namelist() if name.startswith(tuple(prefixes))]
    if not names:
        sys.exit(f"{wheel} holds nothing that starts with {prefixes}")
    archive.extractall(folder, names)
