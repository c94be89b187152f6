"""The constraints file holds exact versions and no address."""

from __future__ import annotations

from setup.pins import pins_of

FREEZE = """\
zeta==1.0
Alpha==2.0
pip==23.2.1
llama_cpp_python @ file:///home/u/x.whl
-e git+https://example.org/limpet#egg=limpet
"""


def test_only_exact_versions_are_kept() -> None:
    text = pins_of(FREEZE, "0.3.36")
    pins = [line for line in text.splitlines() if not line.startswith("#")]
    assert pins == ["Alpha==2.0", "llama-cpp-python==0.3.36", "zeta==1.0"]
