"""Every call of the API, by role, with what its description allows and with what it does not (schemathesis).

Run by `bin/soak programs`: programs.py BINARY SCHEMATHESIS EXAMPLES. It starts a demo of its own on a free port of this machine, gives the
paths ids that are there, and prints one line a role. It fails on any answer of 500 and more, any dropped connection, and any
answer that the description does not allow; and if the plant is not found: a description in which a word is called a number.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
import uuid

PASSWORD = "duong-ve-la-nha"
ROLES = ["officer", "supervisor", "partner", "council", "lender", "province", "inspector", "admin"]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Path parameters whose table is not their plural.
TABLES = {"absence": "duty_absences", "possible_double": "possible_doubles", "staff": "users", "child": "children"}


def asked(address, path, body=None, token=None):
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address + path, data=data, headers=headers)) as answer:
        return json.load(answer)


def ids(folder, document):
    """One id for each parameter of a path, of one and the same case where the table has cases."""
    database = sqlite3.connect(f"file:{folder}/duongve.sqlite?mode=ro", uri=True)
    names = {name for path in document["paths"] for name in re.findall(r"{(\w+)}", path)}
    case = database.execute("select case_id from plans group by case_id order by count(*) desc limit 1").fetchone()[0]
    found = {"area": "30577", "case": str(uuid.UUID(bytes=case))}
    for name in sorted(names - found.keys()):
        table = TABLES.get(name, name + "s")
        columns = [row[1] for row in database.execute(f"pragma table_info({table})")]
        if "id" not in columns:
            continue
        row = None
        if "case_id" in columns:
            row = database.execute(f"select id from {table} where case_id = ? limit 1", (case,)).fetchone()
        row = row or database.execute(f"select id from {table} limit 1").fetchone()
        if row:
            found[name] = str(uuid.UUID(bytes=row[0]))
    return found


def run(schemathesis, folder, address, token, document, examples, only=None):
    described = os.path.join(folder, "described.json")
    with open(described, "w") as file:
        json.dump(document, file)
    settings = os.path.join(folder, "schemathesis.toml")
    with open(settings, "w") as file:
        file.write("[parameters]\n")
        file.writelines(f'"path.{name}" = "{value}"\n' for name, value in ids(folder, document).items())
    command = [schemathesis, "--config-file", settings, "run", described, "--url", address]
    command += ["-H", f"Authorization: Bearer {token}", "--checks", CHECKS, "--max-examples", examples]
    command += ["--workers", "1", "--continue-on-failure", "--request-timeout", "20", "--no-color"]
    # Signing out would end the run; signing in is slowed on purpose.
    command += ["--exclude-path", "/api/v1/sessions/current", "--exclude-path", "/api/v1/sessions"]
    command += ["--suppress-health-check", "all"] + (["--include-path", only] if only else [])
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    return done.returncode, done.stdout + done.stderr


def main():
    binary, schemathesis, examples = sys.argv[1:4]
    failed = False
    with tempfile.TemporaryDirectory(prefix="duongve-soak-") as folder:
        environment = os.environ | {"DUONGVE_DEMO_PASSWORD": PASSWORD}
        command = [binary, "demo", "--json", "--data-dir", folder, "--listen", "127.0.0.1:0", "--log", "error"]
        demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        try:
            address = json.loads(demo.stdout.readline())["address"]
            document = asked(address, "/api/openapi.json")

            def token(role):
                return asked(address, "/api/v1/sessions", {"username": role, "password": PASSWORD})["token"]

            planted = json.loads(json.dumps(document))
            for schema in planted["components"]["schemas"].values():
                if "code" in schema.get("properties", {}):
                    schema["properties"]["code"] = {"type": "integer"}
            code, _told = run(schemathesis, folder, address, token("officer"), planted, "3", "/api/v1/follow-ups")
            print(f"plant, a word that is called a number: {'found' if code else 'NOT FOUND'}", flush=True)
            failed |= code == 0
            for role in ROLES:
                code, told = run(schemathesis, folder, address, token(role), document, examples)
                cases = re.search(r"(\d+) generated.*", told)
                print(f"{role:10} {cases.group(0) if cases else told[-2000:]}", flush=True)
                if code or not cases:
                    failed = True
                    print(told, flush=True)
            if demo.poll() is not None:
                failed = True
                print("the program did not live through it")
        finally:
            demo.terminate()
            demo.wait()
    return 1 if failed else 0


sys.exit(main())
