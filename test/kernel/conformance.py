"""jupyter_kernel_test against the kernel that PIECEWISE_KERNEL names."""

import os
import unittest

import jupyter_kernel_test


class Conformance(jupyter_kernel_test.KernelTests):
    kernel_name = os.environ["PIECEWISE_KERNEL"]
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('to stderr')"
    completion_samples = [
        {"text": "Math.hyp", "matches": {"hypot"}},
        {"text": "'\U0001f600'.startsW", "matches": {"startsWith"}},
    ]
    complete_code_samples = ["1", "console.log('a')", "function f() {\n  return 1;\n}", "await Promise.resolve(1)"]
    incomplete_code_samples = ["console.log('a'", "function f() {", "`open", "/* open", "[1, 2,"]
    invalid_code_samples = ["let = 7q", "console.log('a))", "1 +* 2"]
    code_generate_error = "throw new Error('on purpose')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a' + 'b'", "result": "'ab'"},
        {"code": "[1, 2, 3].map(x => x * x)", "result": "[ 1, 4, 9 ]"},
    ]
    code_display_data = [
        {"code": "display({[Symbol.for('Jupyter.display')]: () => ({'text/html': '<b>hi</b>'})})", "mime": "text/html"},
        {"code": "display(42)", "mime": "text/plain"},
    ]
    code_history_pattern = "6 * ?"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.hypot"
    code_clear_output = "display.clear()"


class Welcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = os.environ["PIECEWISE_KERNEL"]
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
