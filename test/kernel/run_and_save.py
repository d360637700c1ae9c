"""Runs cells in a kernel by Jupyter's own client, saves the notebook and reads it again.

Arguments: the name of the kernel and the notebook's file. In: a JSON list of sources. Out: the outputs of each cell, read from
the file.
"""

import json
import sys

import nbformat
from nbclient import NotebookClient

kernel, path = sys.argv[1:]
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)])
NotebookClient(notebook, kernel_name=kernel, allow_errors=True, timeout=300).execute()
nbformat.write(notebook, path)
saved = nbformat.read(path, as_version=4)
nbformat.validate(saved)
json.dump([cell.outputs for cell in saved.cells], sys.stdout)
