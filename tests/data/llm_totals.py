"""Computes llm_totals.json: what openai/ and anthropic/ bill, by month, currency and category.

Python's decimal, independent of the code under test: python3 tests/data/llm_totals.py
"""

import json
from decimal import Decimal, getcontext
from pathlib import Path

getcontext().prec = 60
HERE = Path(__file__).parent


def lines(provider, month):
    text = (HERE / provider / f"{month}.json").read_text()
    for bucket in json.loads(text, parse_float=Decimal, parse_int=Decimal):
        yield from bucket["results"]


def billed(provider, line):
    if provider == "openai":
        return line["amount"]["value"], line["amount"]["currency"].upper(), line["line_item"]
    return Decimal(line["amount"]) / 100, line["currency"], line["description"]


def totals(provider):
    found = {}
    for month in ("2026-05", "2026-06"):
        for line in lines(provider, month):
            amount, currency, words = billed(provider, line)
            category = "Credit" if amount < 0 and "credit" in words.lower() else "Usage"
            key = f"{month} {currency} {category}"
            found[key] = found.get(key, Decimal(0)) + amount
    return {key: format(total.normalize(), "f") for key, total in sorted(found.items())}


figures = {provider: totals(provider) for provider in ("openai", "anthropic")}
(HERE / "llm_totals.json").write_text(json.dumps(figures, indent=2) + "\n")
