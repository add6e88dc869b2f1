#!/usr/bin/env python3
"""Prints an ICS proforma as Markdown: print_proforma.py PROFORMA.yaml [STATEMENT.yaml]; a statement fills the last column."""

from __future__ import annotations

import sys

import yaml


def load(place: str) -> dict:
    """A YAML file."""
    with open(place, encoding="utf-8") as file:
        return yaml.safe_load(file)


def main() -> None:
    """Writes the page to stdout."""
    proforma = load(sys.argv[1])
    statement = load(sys.argv[2]) if len(sys.argv) > 2 else {}
    answers = statement.get("items", {})
    print("# 实现一致性声明 · Implementation conformance statement\n")
    print(f"依据本项目技术规程 {proforma['proforma']}。 Profile {proforma['proforma']}.\n")
    print("| 名称 name | 版本 version | 供方 supplier | 日期 date |\n|---|---|---|---|")
    print("| " + " | ".join(str(statement.get("implementation", {}).get(key, " ")) for key in ("name", "version", "supplier", "date")) + " |\n")
    for section in proforma["sections"]:
        print(f"## {section['id']} {section['title']['zh']} · {section['title']['en']}\n")
        print("| 项 item | 问题 question | 章条 clause | 状态 status | 支持 support |\n|---|---|---|---|---|")
        for item in section["items"]:
            answer = {True: "是 yes", False: "否 no"}.get(answers.get(item["id"]), "是 yes □ 否 no □")
            print(f"| {item['id']} | {item['question']['zh']}<br>{item['question']['en']} | {item['clause']} | {item['status']} | {answer} |")
        print()
    print("## 条件 · Conditions\n\n| | |\n|---|---|")
    for name, condition in proforma["conditions"].items():
        print(f"| {name} | {condition} |")
    print("\n## IXIT\n\n| 名称 name | 含义 meaning | 缺省 default | 值 value |\n|---|---|---|---|")
    for entry in proforma["ixit"]:
        value = statement.get("ixit", {}).get(entry["name"], " ")
        print(f"| `{entry['name']}` | {entry['meaning']['zh']}<br>{entry['meaning']['en']} | {entry.get('default', '')} | {value} |")


main()
