#!/usr/bin/env python3
"""Other search engines over the texts of `ANJUAN_BENCH=search`, side by side.

    ANJUAN_BENCH=search ANJUAN_BENCH_TEXTS=/tmp/rivals ./dev bench
    python3 crates/archive/benches/rivals.py /tmp/rivals

Takes those that are installed (Debian: groonga-bin, recollcmd, ripgrep; SQLite comes with Python) and
leaves out the others. Times are those of one query in a running engine; of ripgrep and Recoll, which
run as a program of their own each time, with its start. Recall is the share of the reports found of
those that stand in `queries.tsv`.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Sqlite:
    name = "SQLite FTS5, trigrams"

    def __init__(self, folder):
        self.file = folder / "trigram.db"

    def build(self, texts):
        self.connection = sqlite3.connect(self.file)
        self.connection.execute(
            "CREATE VIRTUAL TABLE t USING fts5(body, content='', tokenize='trigram')")
        for number, text in enumerate(texts):
            self.connection.execute("INSERT INTO t(rowid, body) VALUES (?, ?)",
                                    (number + 1, text.read_text(encoding="utf-8")))
        self.connection.commit()

    def size(self):
        return self.file.stat().st_size

    def count(self, query):
        (found,) = self.connection.execute(
            "SELECT count(*) FROM t WHERE t MATCH ?", (f'"{query}"',)).fetchone()
        return found


class Groonga:
    name = "Groonga, TokenBigram"

    def __init__(self, folder):
        self.folder = folder / "groonga"
        self.folder.mkdir()
        self.process = subprocess.Popen(
            ["groonga", "-n", self.folder / "db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def build(self, texts):
        self.ask("table_create Reports TABLE_NO_KEY")
        self.ask("column_create Reports body COLUMN_SCALAR LongText")
        self.ask("table_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram"
                 " --normalizer NormalizerAuto")
        self.ask("column_create Terms bodies COLUMN_INDEX|WITH_POSITION Reports body")
        for text in texts:
            values = json.dumps([{"body": text.read_text(encoding="utf-8")}], ensure_ascii=False)
            self.ask("load --table Reports --values " + json.dumps(values, ensure_ascii=False))

    def size(self):
        return sum(file.stat().st_size for file in self.folder.iterdir())

    def count(self, query):
        answer = self.ask(f"select Reports --limit 20 --output_columns _id --filter 'body @ \"{query}\"'")
        return answer[1][0][0][0]


class Recoll:
    name = "Recoll, n-grams"

    def __init__(self, folder):
        self.folder = folder / "recoll"
        self.folder.mkdir()

    def build(self, texts):
        (self.folder / "recoll.conf").write_text(
            f"topdirs = {texts[0].parent}\nindexStoreDocText = 0\n", encoding="utf-8")
        subprocess.run(["recollindex", "-c", self.folder], check=True, capture_output=True)

    def size(self):
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    def count(self, query):
        lines = subprocess.run(["recollq", "-c", self.folder, "-n", "20", f'"{query}"'],
                               capture_output=True, text=True).stdout.splitlines()
        for line in lines:
            words = line.split()
            if len(words) > 1 and words[1] == "results":
                return int(words[0])
        return 0


class Ripgrep:
    name = "ripgrep"

    def __init__(self, _folder):
        pass

    def build(self, texts):
        self.texts = texts[0].parent

    def size(self):
        return 0

    def count(self, query):
        found = subprocess.run(["rg", "-l", "-F", query, self.texts], capture_output=True).stdout
        return found.count(b"\n")


def row(engine, texts, queries, total):
    begun = time.perf_counter()
    engine.build(texts)
    built = time.perf_counter() - begun
    times, found, expected, extra = [], 0, 0, 0
    for query, wanted in queries:
        begun = time.perf_counter()
        count = engine.count(query)
        times.append((time.perf_counter() - begun) * 1000)
        found += min(count, wanted)
        extra += max(0, count - wanted)
        expected += wanted
    times.sort()
    at = lambda share: times[min(len(times) - 1, len(times) * share // 100)]
    print(f"| {engine.name} | {built:.1f} s | {engine.size() / total:.2f} × text | "
          f"{at(50):.2f} / {at(99):.2f} ms | {found / expected:.4f} | {extra} |", flush=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    texts = sorted((folder / "texts").iterdir())
    lines = (folder / "queries.tsv").read_text(encoding="utf-8").splitlines()
    queries = [(query, int(count)) for query, count in (line.split("\t") for line in lines)]
    total = sum(text.stat().st_size for text in texts)
    print("| engine | built in | index | p50 / p99 | recall | more than expected |")
    print("|---|---:|---:|---:|---:|---:|")
    engines = [(Sqlite, None), (Groonga, "groonga"), (Recoll, "recollq"), (Ripgrep, "rg")]
    for engine, program in engines:
        if program and not shutil.which(program):
            print(f"{engine.name}: not installed, left out", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory() as place:
            # The two that start a program each time would take minutes for all.
            some = queries if engine in (Sqlite, Groonga) else queries[::5]
            row(engine(Path(place)), texts, some, total)


main()
