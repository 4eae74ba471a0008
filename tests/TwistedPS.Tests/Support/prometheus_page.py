"""Reads a page of metrics as Prometheus does, and writes what it has as JSON."""
import json
import sys

from prometheus_client.parser import text_string_to_metric_families

print(json.dumps([
    {
        'name': family.name,
        'type': family.type,
        'help': family.documentation,
        'samples': [{'name': it.name, 'labels': it.labels, 'value': it.value} for it in family.samples],
    }
    for family in text_string_to_metric_families(sys.stdin.read())
]))
