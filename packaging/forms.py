"""Holds Tauri's configuration to its schema, and the Flatpak manifest and the workflows to what the
rest of the project says."""

import json
import re
import subprocess
import sys
from pathlib import Path

from jsonschema import Draft7Validator
from ruamel.yaml import YAML

root = Path(__file__).parent.parent
read = YAML(typ="safe").load
faults: list[str] = []


def expect(holds: object, fault: str) -> None:
    if not holds:
        faults.append(fault)


tauri = json.loads((root / "src-tauri/tauri.conf.json").read_text())
version = subprocess.run(
    ["node", "packaging/versions.mjs"], cwd=root, check=True, capture_output=True, text=True
).stdout.strip()

# The Flatpak manifest.
path = root / "packaging/flatpak/io.github.anjuan.Anjuan.yml"
flatpak = read(path)
required = ["id", "runtime", "runtime-version", "sdk", "command", "finish-args", "modules"]
for key in required:
    expect(key in flatpak, f"{path.name}: no {key}")
expect(flatpak["id"] == tauri["identifier"] == path.stem, f"{path.name}: another id than the app")
granted = set(flatpak["finish-args"])
known = {
    "--share=ipc",
    "--socket=wayland",
    "--socket=fallback-x11",
    "--device=dri",
    "--filesystem=xdg-documents",
}
expect(granted <= known, f"{path.name}: grants more than agreed: {granted - known}")
(module,) = flatpak["modules"]
expect(module["sources"][0]["tag"] == f"v{version}", f"{path.name}: its tag is not v{version}")
for command in module["build-commands"]:
    for script in re.findall(r"packaging/\S+\.sh", command):
        expect((root / script).exists(), f"{path.name}: {script} does not exist")

# The workflows: every action of one version, every call of ours exists.
commands = set(re.findall(r"^  ([a-z]+)\) [a-z_]+", (root / "dev").read_text(), re.M))
for path in sorted((root / ".github/workflows").glob("*.yml")):
    workflow = read(path)
    expect(workflow.get("permissions") == {"contents": "read"}, f"{path.name}: more rights than reading")
    for name, job in workflow["jobs"].items():
        expect("timeout-minutes" in job, f"{path.name}: {name} may run for ever")
        for step in job["steps"]:
            uses = step.get("uses")
            expect(not uses or re.search(r"@v?\d+\.\d+\.\d+$", uses), f"{path.name}: {uses} is not pinned")
            for called in re.findall(r"\./dev (\w+)", step.get("run", "")):
                expect(called in commands, f"{path.name}: ./dev has no {called}")
            for script in re.findall(r"(packaging/\S+\.(?:mjs|sh|py))", step.get("run", "")):
                expect((root / script).exists(), f"{path.name}: {script} does not exist")

# Tauri's configuration, for Linux and with what is merged in on other systems (RFC 7396).
def merged(base: object, patch: object) -> object:
    if not (isinstance(base, dict) and isinstance(patch, dict)):
        return patch
    return base | {key: merged(base.get(key), value) for key, value in patch.items()}


schema = Draft7Validator(
    json.loads((root / "ui/node_modules/@tauri-apps/cli/config.schema.json").read_text())
)
for name in ["linux", "macos", "windows"]:
    patch = root / f"packaging/{name}.json"
    config = merged(tauri, json.loads(patch.read_text())) if patch.exists() else tauri
    for error in schema.iter_errors(config):
        faults.append(f"Tauri's configuration for {name}: {error.json_path}: {error.message}")
    bundle = config["bundle"]
    files = [
        *bundle["icon"],
        bundle["licenseFile"],
        bundle["linux"]["deb"]["desktopTemplate"],
        *bundle["linux"]["appimage"]["files"].values(),
        *bundle.get("resources", {}),
        *bundle["macOS"].get("files", {}).values(),
    ]
    for file in files:
        made = file.startswith("../dist/")
        expect(made or (root / "src-tauri" / file).exists(), f"{name}: {file} does not exist")

for fault in faults:
    print(fault, file=sys.stderr)
print(f"Tauri's configuration, Flatpak manifest and workflows: {len(faults)} faults")
sys.exit(bool(faults))
