"""Debian's prometheus-pgbouncer-exporter, collector by collector as for a scrape: the metrics with their labels, or what it misses in the answer."""
import os
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_pgbouncer_exporter import collectors, utils
from steps import HOST, PASSWORD, PORT, USER, check, done, ok

os.environ["PGPASSWORD"] = PASSWORD
os.environ["PGSSLMODE"] = "disable"
# As its own main does.
console = utils.get_connection(USER, PORT, HOST)
for name, collector in (
        ("lists", collectors.ListsCollector(connection=console)),
        ("pools", collectors.PoolsCollector(connection=console, databases=None)),
        ("databases", collectors.DatabasesCollector(connection=console, databases=None)),
        ("stats", collectors.StatsCollector(connection=console, databases=None))):
    try:
        registry = CollectorRegistry()
        registry.register(collector)
        scraped = generate_latest(registry).decode()
    except KeyError as missing:
        ok(f"{name} misses {missing.args[0]}")
        continue
    families = list(text_string_to_metric_families(scraped))
    samples = [sample for family in families for sample in family.samples]
    for family in sorted({f"{sample.name}{{{','.join(sorted(sample.labels))}}}" for sample in samples}):
        ok(f"{name} {family}")
    if name == "pools":
        # Who asks is a client himself.
        check([sample.value for sample in samples if sample.name == "pgbouncer_active_clients" and sample.labels["database"] == "pgbouncer"], [1.0], "active clients")
console.close()
done()
