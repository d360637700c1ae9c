"""Checks a wheel with Python's own modules and prints what it found as JSON: read-wheel.py WHEEL

Every file but RECORD itself must be listed in RECORD once, with its size and its sha256, and nothing else may be listed.
"""

import base64
import csv
import hashlib
import io
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as wheel:
    names = wheel.namelist()
    [record] = [name for name in names if name.endswith(".dist-info/RECORD")]
    listed = list(csv.reader(io.StringIO(wheel.read(record).decode())))
    faults = []
    for name, digest, size in listed:
        if name == record:
            continue
        content = wheel.read(name)
        wanted = "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
        if digest != wanted or int(size) != len(content):
            faults.append(f"{name} is not what RECORD says")
    if sorted(names) != sorted(name for name, *_ in listed):
        faults.append("RECORD does not list every file once")
    faults += [f"{name} leaves the wheel" for name in names if name.startswith("/") or ".." in name.split("/")]
    sboms = {
        name.rsplit("/", 1)[1]: json.loads(wheel.read(name)) for name in names if ".dist-info/sboms/" in name
    }
print(json.dumps({"files": len(names), "faults": faults, "sboms": sboms}))
