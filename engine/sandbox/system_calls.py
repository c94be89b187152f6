"""Builds the filter of system calls that the kernel applies to everything in the sandbox."""

from __future__ import annotations

import errno
import struct
import tomllib
from importlib.resources import files

import msgspec

# AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h.
_PROCESSORS = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
# Codes of linux/bpf_common.h: load a word, jump on equal, greater-or-equal or a bit, return.
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Actions of linux/seccomp.h.
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
# Where linux/seccomp.h has the call's number, the processor, and the low halves of arguments.
_NUMBER, _PROCESSOR, _FIRST, _SECOND = 0, 4, 16, 24
# Numbers above are those of the x32 way to call, under which every call has a second name.
_X32 = 0x40000000
_NEW_USER_NAMESPACE = 0x10000000
# TIOCSTI and TIOCLINUX, which type into the terminal.
_TYPING = (0x5412, 0x541C)
# Unix, IPv4, IPv6 and netlink: all of them end at the sandbox's own network. Others, such as
# those of virtual machines, know no namespaces.
_SOCKET_FAMILIES = (1, 2, 10, 16)


class _Calls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refused: dict[str, dict[str, int]]
    missing: dict[str, dict[str, int]]
    inspected: dict[str, dict[str, int]]


def filter_for(processor: str) -> bytes | None:
    """Return the filter as the kernel reads it; None for processors that we have no numbers of."""
    if processor not in _PROCESSORS:
        return None
    text = (files(__package__) / "system_calls.toml").read_text(encoding="utf-8")
    calls = msgspec.convert(tomllib.loads(text), _Calls)
    program = [
        _step(_LOAD, _PROCESSOR),
        _step(_EQUAL, _PROCESSORS[processor], yes=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_AT_LEAST, _X32, no=1),
        _fail(errno.ENOSYS),
    ]
    for numbers, error in ((calls.refused, errno.EPERM), (calls.missing, errno.ENOSYS)):
        for number in (each[processor] for each in numbers.values()):
            if number >= 0:
                program += [_step(_EQUAL, number, no=1), _fail(error)]
    inspected = {name: each[processor] for name, each in calls.inspected.items()}
    program += _inspection(inspected["clone"], _clone())
    program += _inspection(inspected["ioctl"], _ioctl())
    program += _inspection(inspected["socket"], _socket())
    program.append(_step(_RETURN, _ALLOW))
    return b"".join(program)


def _inspection(number: int, steps: list[bytes]) -> list[bytes]:
    """Return the steps for one call; they end by returning."""
    return [_step(_EQUAL, number, no=len(steps)), *steps]


def _clone() -> list[bytes]:
    return [
        _step(_LOAD, _FIRST),
        _step(_HAS_BIT, _NEW_USER_NAMESPACE, no=1),
        _fail(errno.EPERM),
        _step(_RETURN, _ALLOW),
    ]


def _ioctl() -> list[bytes]:
    steps = [_step(_LOAD, _SECOND)]
    for request in _TYPING:
        steps += [_step(_EQUAL, request, no=1), _fail(errno.EPERM)]
    return [*steps, _step(_RETURN, _ALLOW)]


def _socket() -> list[bytes]:
    steps = [_step(_LOAD, _FIRST)]
    for family in _SOCKET_FAMILIES:
        steps += [_step(_EQUAL, family, no=1), _step(_RETURN, _ALLOW)]
    return [*steps, _fail(errno.EAFNOSUPPORT)]


def _fail(error: int) -> bytes:
    return _step(_RETURN, _FAIL | error)


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """Return one instruction: struct sock_filter of linux/filter.h."""
    return struct.pack("=HBBI", code, yes, no, value)
