#!/usr/bin/env python3
"""Writes StringPrepTables.cs and NfkcTables.cs beside this file.

The ranges are those of RFC 3454, as Python's stringprep module has them. The normalization data is Unicode's, cut down to the characters
of Unicode 3.2: SASLprep refuses every other one, and Unicode's stability policy keeps the normal forms of these as they are.
"""
import os
import stringprep
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
HANGUL = range(0xAC00, 0xD7A4)
WIDTH = 132


def characters():
    return (c for c in range(0x110000) if not 0xD800 <= c < 0xE000)


def assigned(c):
    return not stringprep.in_table_a1(chr(c))


def ranges(*tables):
    found = []
    for c in characters():
        if not any(table(chr(c)) for table in tables):
            continue
        if found and found[-1][1] == c - 1:
            found[-1][1] = c
        else:
            found.append([c, c])
    return found


def lines(words, indent, separator):
    line = indent
    for word in words:
        if len(line) + len(word) + len(separator) > WIDTH:
            yield line.rstrip()
            line = indent
        line += word + separator
    yield line.rstrip()


def write_stringprep():
    prohibited = [getattr(stringprep, "in_table_" + t) for t in ("c12", "c21", "c22", "c3", "c4", "c6", "c7", "c8", "c9")]
    tables = [
        ("Unassigned", "A.1: unassigned in Unicode 3.2", ranges(stringprep.in_table_a1)),
        ("MappedToNothing", "B.1: commonly mapped to nothing", ranges(stringprep.in_table_b1)),
        ("NonAsciiSpace", "C.1.2: spaces but U+0020", ranges(stringprep.in_table_c12)),
        ("Prohibited", "C.1.2 to C.9: prohibited (C.5, surrogates, cannot come up in UTF-8)", ranges(*prohibited)),
        ("RightToLeft", "D.1: characters with bidirectional property R or AL", ranges(stringprep.in_table_d1)),
        ("LeftToRight", "D.2: characters with bidirectional property L", ranges(stringprep.in_table_d2)),
    ]
    with open(os.path.join(HERE, "StringPrepTables.cs"), "w") as out:
        out.write("// Made by generate.py.\nnamespace PoolProxy.Protocol.Authentication.Unicode;\n\n")
        out.write("/// <summary>The tables of RFC 3454 that SASLprep needs: pairs of first and last code point, ascending.</summary>\n")
        out.write("internal static class StringPrepTables\n{")
        for number, (name, summary, table) in enumerate(tables):
            out.write("\n" if number else "")
            out.write(f"\n    /// <summary>{summary}.</summary>\n    public static ReadOnlySpan<int> {name} =>\n    [\n")
            words = (f"0x{first:X}, 0x{last:X}," for first, last in table)
            out.write("\n".join(lines(words, "        ", " ")) + "\n    ];")
        out.write("\n}\n")


def decompositions():
    runs = []
    for c in characters():
        if c in HANGUL or not assigned(c):
            continue
        to = [ord(x) for x in unicodedata.normalize("NFKD", chr(c))]
        if to == [c]:
            continue
        last = runs[-1] if runs else None
        if last and len(to) == 1 and len(last[2]) == 1 and last[1] == c - 1 and last[2][0] - last[0] == to[0] - c:
            last[1] = c
        else:
            runs.append([c, c, to])
    for first, last, to in runs:
        source = f"{first:X}" if first == last else f"{first:X}-{last:X}"
        yield source + ">" + "+".join(f"{t:X}" for t in to)


def compositions():
    for c in characters():
        pair = unicodedata.decomposition(chr(c)).split()
        if c in HANGUL or not assigned(c) or len(pair) != 2 or pair[0].startswith("<"):
            continue
        if unicodedata.normalize("NFC", chr(c)) == chr(c):
            yield f"{int(pair[0], 16):X}+{int(pair[1], 16):X}>{c:X}"


def classes():
    runs = []
    for c in characters():
        combining = unicodedata.combining(chr(c)) if assigned(c) else 0
        if not combining:
            continue
        if runs and runs[-1][1] == c - 1 and runs[-1][2] == combining:
            runs[-1][1] = c
        else:
            runs.append([c, c, combining])
    for first, last, combining in runs:
        yield (f"{first:X}" if first == last else f"{first:X}-{last:X}") + f">{combining:X}"


def write_nfkc():
    tables = [
        ("Decompositions", "Full compatibility decompositions: <c>FROM&gt;TO+TO…</c>, or <c>FIRST-LAST&gt;TO</c> where TO counts along", decompositions()),
        ("Compositions", "Primary composites: <c>FIRST+SECOND&gt;COMPOSITE</c>", compositions()),
        ("CombiningClasses", "Canonical combining classes other than 0: <c>CODE&gt;CLASS</c> or <c>FIRST-LAST&gt;CLASS</c>", classes()),
    ]
    with open(os.path.join(HERE, "NfkcTables.cs"), "w") as out:
        out.write("// Made by generate.py.\nnamespace PoolProxy.Protocol.Authentication.Unicode;\n\n")
        out.write("/// <summary>Unicode's normalization data for the characters of Unicode 3.2, Hangul syllables left out; all numbers are hexadecimal.</summary>\n")
        out.write("internal static class NfkcTables\n{")
        for number, (name, summary, words) in enumerate(tables):
            out.write("\n" if number else "")
            out.write(f"\n    /// <summary>{summary}.</summary>\n    public static ReadOnlySpan<byte> {name} =>\n        \"\"\"\n")
            out.write("\n".join(lines(words, "        ", " ")) + "\n        \"\"\"u8;")
        out.write("\n}\n")


write_stringprep()
write_nfkc()
