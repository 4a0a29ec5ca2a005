"""Money and dates as JioNLP and Recognizers-Text find them, beside zhinan: throughput, and how many of the gold values each finds.

Rates are per second of processor time. In: the seeds that are worked by hand (tests/gold) and extracted/. Out: a table. A gold value counts as found where the tool gives an
expression that overlaps its words. Run by benches/peers/run.sh, which pins the versions.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def gold():
    """Per document: its text, and the spans of gold amounts and dates. (floor.json is no document.)"""
    for path in sorted((ROOT / "tests/gold").glob("0*.json")):
        text = (ROOT / "seeds" / f"{path.stem}.txt").read_text(encoding="utf-8")
        spans = {"money": set(), "date": set()}
        for programme in json.loads(path.read_text(encoding="utf-8"))["programmes"]:
            for kind, arrays in (("money", ["funding"]), ("date", ["deadlines", "period"])):
                for fact in (fact for array in arrays for fact in programme.get(array, [])):
                    evidence = fact["evidence"]
                    spans[kind].add((evidence["start"], evidence["end"]))
        yield path.stem, text, spans


def paragraphs(text):
    """The peers read short texts: lines, with where each begins."""
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield at, line
        at += len(line)


def jionlp():
    import jionlp

    def money(line):
        return [tuple(found["offset"]) for found in jionlp.ner.extract_money(line)]

    def date(line):
        return [tuple(found["offset"]) for found in jionlp.ner.extract_time(line, with_parsing=False)]

    return {"money": money, "date": date}


def recognizers():
    from recognizers_date_time import recognize_datetime
    from recognizers_number_with_unit import recognize_currency
    from recognizers_text import Culture

    def spans(found):
        return [(one.start, one.end + 1) for one in found]

    return {
        "money": lambda line: spans(recognize_currency(line, Culture.Chinese)),
        "date": lambda line: spans(recognize_datetime(line, Culture.Chinese)),
    }


def peer(tools, documents):
    row = {}
    for kind, extract in tools.items():
        extract("2026年5月18日前支持100万元")  # what is loaded at the first call
        begun, size, found, all_ = time.process_time(), 0, 0, 0
        for _, text, gold_spans in documents:
            size += len(text.encode())
            spans = []
            for at, line in paragraphs(text):
                try:
                    spans += [(at + start, at + end) for start, end in extract(line)]
                except Exception as error:  # a peer that fails on a line finds nothing there
                    print(f"{kind}: {type(error).__name__} on {line[:20]!r}", file=sys.stderr)
            wanted = gold_spans[kind]
            all_ += len(wanted)
            found += sum(any(s < end and start < e for s, e in spans) for start, end in wanted)
        row[kind] = (size / 1e3 / (time.process_time() - begun), found, all_)
    return row


def zhinan(documents):
    """All of the definition, money and dates among it; the start-up is taken off by reading one time and 21 times."""
    program = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "release/zhinan"
    files = [str(ROOT / "seeds" / f"{stem}.txt") for stem, _, _ in documents]
    size = sum(len(text.encode()) for _, text, _ in documents)

    def seconds(times):
        begun = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, "ingest", *files * times], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime

    rate = 20 * size / 1e3 / (min(seconds(21) for _ in range(3)) - min(seconds(1) for _ in range(3)))
    row = {}
    for kind, arrays in (("money", ["funding"]), ("date", ["deadlines", "period"])):
        found = all_ = 0
        for stem, _, gold_spans in documents:
            definition = json.loads((ROOT / "extracted" / f"{stem}.json").read_text(encoding="utf-8"))
            facts = [fact for p in definition["programmes"] for array in arrays for fact in p[array]]
            spans = [(fact["evidence"]["start"], fact["evidence"]["end"]) for fact in facts]
            all_ += len(gold_spans[kind])
            found += sum(any(s < end and start < e for s, e in spans) for start, end in gold_spans[kind])
        row[kind] = (rate, found, all_)
    return row


def main():
    documents = list(gold())
    print(f"{'':18}{'money kB/s':>12}{'found':>12}{'date kB/s':>12}{'found':>12}")
    for name, row in (
        ("zhinan (all facts)", zhinan(documents)),
        ("JioNLP", peer(jionlp(), documents)),
        ("Recognizers-Text", peer(recognizers(), documents)),
    ):
        cells = "".join(f"{rate:>12.0f}{f'{found}/{all_}':>12}" for rate, found, all_ in (row["money"], row["date"]))
        print(f"{name:18}{cells}")


if __name__ == "__main__":
    main()
