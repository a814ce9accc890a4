"""What the server tells Prometheus: counted as calls come, worded when asked."""

from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from mockserver import __version__
from mockserver.serving.tally import BOUNDS, Tally
from mockserver.worlds import Worlds

_BY = ("provider", "operation", "version")


class _Calls(Collector):
    """Our own figures."""

    def __init__(self, worlds: Worlds, tally: Tally):
        self._worlds = worlds
        self._tally = tally

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("mockserver", "Which mockserver this is", {"version": __version__})
        yield from self._of_calls()
        yield from self._of_worlds()

    def _of_calls(self) -> Iterator[Metric]:
        calls = CounterMetricFamily("mockserver_calls", "Calls to the vendors' APIs, by answer", labels=[*_BY, "status"])
        took = HistogramMetricFamily("mockserver_call_seconds", "Seconds it took inside, by answer", labels=[*_BY, "status"])
        for counted, timing in sorted(self._tally.calls.items()):
            labels = [str(each) for each in counted]
            calls.add_metric(labels, timing.count)
            bounds = [*map(str, BOUNDS), "+Inf"]
            took.add_metric(labels, list(zip(bounds, accumulate(timing.buckets), strict=True)), timing.seconds)
        yield calls
        yield took

    def _of_worlds(self) -> Iterator[Metric]:
        names = self._worlds.names()
        yield GaugeMetricFamily("mockserver_worlds", "Worlds there are", len(names))
        home = self._worlds.default.world
        entities = GaugeMetricFamily("mockserver_entities", "Entities of the default world", labels=["provider", "kind"])
        for provider, part in home.parts.items():
            for kind, records in part.entities().items():
                entities.add_metric([provider, kind], len(records))
        yield entities
        yield GaugeMetricFamily("mockserver_faults", "Faults set in the default world", len(home.faults.armed))
        yield GaugeMetricFamily("mockserver_journal_calls", "Calls the default world's journal holds", len(home.journal))
        yield GaugeMetricFamily("mockserver_journal_evicted", "Calls that it has let go", home.journal.evicted)


def metrics(worlds: Worlds, tally: Tally) -> bytes:
    """Every metric as text, in Prometheus' format."""
    registry = CollectorRegistry()
    registry.register(_Calls(worlds, tally))
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return generate_latest(registry)
