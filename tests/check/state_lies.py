"""Wrong fakes for the laws about state: one function of the fake with a few words replaced, and the law that finds it out.

Only the code of the function is replaced, so that every table that holds it tells the lie.
"""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import CodeType
from typing import Any


@dataclass(frozen=True)
class Lie:
    """In `place`, a module of Criteo's and a function in it, `said` becomes `instead`; `law` has to break."""

    place: str
    said: str
    instead: str
    law: str

    @property
    def function(self) -> Callable[..., Any]:
        module, _, path = self.place.partition(":")
        found: Any = import_module(f"mockserver.{module}" if "." in module else f"mockserver.providers.criteo.{module}")
        for name in path.split("."):
            found = inspect.getattr_static(found, name)
        if isinstance(found, property):
            found = found.fget
        return found.__func__ if isinstance(found, classmethod | staticmethod) else found

    @property
    def code(self) -> CodeType:
        """The function's code, with the lie in it."""
        function = self.function
        source = textwrap.dedent(inspect.getsource(function))
        assert source.count(self.said) == 1, f"{self.place} says {self.said!r} {source.count(self.said)} times"
        source = source.replace(self.said, self.instead)
        source = source[source.index("def ") :]
        space = dict(function.__globals__)
        exec(compile(source, f"<{self.place}>", "exec", dont_inherit=True, flags=0x1000000), space)
        return space[function.__name__].__code__


SEGMENTS = (
    Lie("segments:create_segments", "if objections:", "if objections and kept:", "segment-partial-approval"),
    Lie("segments:create_segments", "failures += objections", "failures += objections[:1]", "segment-every-flaw"),
    Lie("segments:create_segments", "_entities(kept, call)", "_entities(kept[::-1], call)", "segment-partial-approval"),
    Lie("segments:create_segments", "data/{position}/attributes", "data/{position + 1}/attributes", "segment-every-flaw"),
    Lie("segments:create_segments", "failures=failures", "failures=failures[:100] if kept else ()", "segment-every-flaw"),
    Lie("segments:create_segments", "call.body.get(\"data\", ())", "call.body.get(\"data\", ())[:100]", "segment-many-at-once"),
    Lie("segments:update_segments", "kept.append(changed)", "kept.insert(0, changed)", "segment-changes-in-order"),
    Lie("segments:update_segments", "_entities(kept, call)", "_entities(sorted(kept, key=lambda each: each.id), call)", "segment-changes-in-order"),
    Lie("segments:update_segments", "if segment is None:\n            failures", "if segment is None:\n            continue\n            failures", "segment-unknown-ids"),
    Lie("segments:update_segments", "call.world.keep_segment(changed)", "call.world.keep_segment(changed if position == 0 else segment)", "segment-changes-in-order"),
    Lie("segments:delete_segments", "call.world.forget_segment(segment)", "call.world.segments.get(segment.id)", "segment-deletion"),
    Lie("segments:delete_segments", "gone.append(", "gone.insert(0, ", "segment-deletion"),
    Lie("segments:delete_segments", "failures.append(_not_found(item[\"id\"], position, call))", "gone.append({\"id\": str(numeric(item[\"id\"]) or 0), \"type\": call.readings[\"segment-resource-type\"]})", "segment-unknown-ids"),
    Lie("segments:delete_segments", "failures=failures", "failures=failures[:1]", "segment-unknown-ids"),
    Lie("segments:search_segments", "segment.retailer_id in retailers)", "segment.retailer_id in retailers or bool(kinds))", "segment-filters"),
    Lie("segments:search_segments", "kinds is None or segment.kind in kinds", "kinds is None or segment.kind in kinds[:1]", "segment-filters"),
    Lie("segments:search_segments", "kinds is None or segment.kind in kinds", "True", "segment-filters"),
    Lie("segments:search_segments", "sorted({numeric(id) or 0 for id in ids})", "{numeric(id) or 0: 0 for id in ids}", "segment-filters"),
    Lie("segments:search_segments", "sorted({numeric(id) or 0 for id in ids})", "sorted({numeric(id) or 0 for id in ids}, key=str)", "pages-of-own-segments?"),
    Lie("segments:search_segments", "sorted({numeric(id) or 0 for id in ids})", "sorted(numeric(id) or 0 for id in ids)", "segment-filters"),
    Lie("segments:search_segments", "len(every), every[offset", "len(every[offset:]), every[offset", "pages-of-own-segments"),
    Lie("segments:search_segments", "every[offset : offset + limit]", "every[offset : offset + limit + 1]", "pages-of-own-segments"),
    Lie("segments:search_segments", "every[offset : offset + limit]", "every[offset + (offset > 4) : offset + limit]", "pages-of-own-segments"),
    Lie("segments:search_segments", "(retailers or (None,), kinds or (None,))", "(retailers or (None,), (None,))", "segment-search-agrees"),
    Lie("segments:search_segments", "(retailers or (None,), kinds or (None,))", "((retailers or (None,))[:1], kinds or (None,))", "segment-search-agrees"),
    Lie("segments:search_segments", "and segment.account_id == account", "", "isolation-of-segments"),
    Lie("segments:_own_segment", "and segment.account_id == call.arguments[0]", "", "isolation-of-segments"),
    Lie("segments:_drafted", "description=said.get(\"description\")", "description=said.get(\"description\") or None", "segment-description-lengths"),
    Lie("segments:_drafted", "name=said[\"name\"]", "name=said[\"name\"].strip()", "segment-names-as-sent"),
    Lie("segments:_drafted", "elif contact_list is not None and \"identifierType\" not in contact_list:", "elif False:", "segment-one-kind"),
    Lie("segments:_drafted", "if contact_list is not None and events is not None:", "if contact_list and events:", "segment-one-kind"),
    Lie("segments:_drafted", "id_text(said[\"retailerId\"])", "str(int(id_text(said[\"retailerId\"])) + 0)", "segment-retailers"),
    Lie("segments:_drafted", "updated_at=call.now", "updated_at=call.now + 1", "segment-lists-kept"),
    Lie("segments:_drafted", "(\"Onsite\", \"Offsite\")", "(\"Onsite\",)", "segment-lists-kept"),
    Lie("segments:_ids", "dict.fromkeys(id_text(id) for id in said or ())", "sorted({id_text(id) for id in said or ()})", "segment-events-kept"),
    Lie("segments:_ids", "dict.fromkeys(id_text(id) for id in said or ())", "[id_text(id) for id in said or ()]", "segment-ids-as-numbers"),
    Lie("segments:events_of", "said.get(\"minPrice\"),\n        said.get(\"maxPrice\")", "said.get(\"maxPrice\"),\n        said.get(\"minPrice\")", "segment-events-kept"),
    Lie("segments:events_of", "said.get(\"maxPrice\")", "said.get(\"maxPrice\") or None", "segment-prices"),
    Lie("segments:_changed", "updated_at=call.now", "updated_at=segment.updated_at", "segment-times"),
    Lie("segments:_changed", "updated_at=call.now", "updated_at=call.now, created_at=call.now", "segment-times"),
    Lie("segments:_changed", "updated_at=call.now", "updated_at=call.now if said else segment.updated_at", "segment-times"),
    Lie("segments:_changed", "said.get(\"name\", segment.name)", "said.get(\"name\") or segment.name", "segment-change-lengths"),
    Lie("segments:_changed", "nillable(said, \"description\", segment.description)", "(said.get(\"description\") or {}).get(\"value\", segment.description)", "segment-description-nillable"),
    Lie("segments:_changed", "nillable(said, \"description\", segment.description)", "(said.get(\"description\") or {}).get(\"value\")", "segment-change-named"),
    Lie("segments:_changed", "if events and said.get(\"events\") is not None:", "if False:", "segment-lists-replace"),
    Lie("segments:_changed", "if segment.contact_list and said.get(\"events\"):", "if False:", "segment-kind-stays"),
    Lie("segments:_changed", "if segment.events and said.get(\"contactList\"):", "if False:", "segment-kind-stays"),
    Lie("segments:_changed", "said.get(\"contactList\"):", "said.get(\"contactList\") is not None:", "segment-kind-stays"),
    Lie("segments:_changed_events", "_ids(said[\"categoryIds\"])", "tuple(dict.fromkeys((*events.category_ids, *_ids(said[\"categoryIds\"]))))", "segment-lists-replace"),
    Lie("segments:_changed_events", "nillable(said, \"maxPrice\", events.max_price)", "events.max_price", "segment-prices-nillable"),
    Lie("segments:_changed_events", "said.get(\"lookbackDays\", events.lookback_days)", "events.lookback_days", "segment-lists-replace"),
    Lie("segments:_not_found", "SEGMENT_NOT_FOUND.at(", "NILLABLE and SEGMENT_NOT_FOUND.at(", "none"),
    Lie("inputs:nillable", ".get(\"value\")", ".get(\"value\", now)", "segment-description-nillable"),
    Lie("inputs:filters", "if attributes.get(name)", "if attributes.get(name) is not None", "segment-filters"),
    Lie("inputs:id_text", "str(said)", "str(said) if isinstance(said, str) else \"\"", "segment-ids-as-numbers"),
    Lie("naming:Naming.object_to", "if id != named.id]", "]", "segment-change-named"),
    Lie("naming:Naming.object_to", "elif others :=", "elif named.updated_at == named.created_at and (others :=", "none"),
    Lie("naming:Naming.object_to", "if not named.name.strip():", "if not named.name:", "segment-name-lengths"),
    Lie("naming:Naming.object_to", "> LONGEST_NAME", ">= LONGEST_NAME", "segment-name-lengths"),
    Lie("naming:Naming.object_to", "> LONGEST_NAME", "> LONGEST_NAME + 1", "segment-name-lengths"),
    Lie("naming:Naming.object_to", "> LONGEST_DESCRIPTION", ">= LONGEST_DESCRIPTION", "segment-description-lengths"),
    Lie("naming:Naming.object_to", "if len(named.description or \"\") > LONGEST_DESCRIPTION:", "if False:", "segment-description-lengths"),
    Lie("naming:_compared", "comparison == \"exact\"", "False", "segment-names-compared"),
    Lie("naming:_bearers", "named.account_id, ", "named.account_id, named.retailer_id + ", "segment-names-unique"),
    Lie("segment_rules:object_to", "yield from object_to_retailer", "if False: yield from object_to_retailer", "segment-retailers"),
    Lie("segment_rules:object_to", "if segment.events:", "if segment.events and segment.created_at == segment.updated_at:", "segment-events-rules-stay"),
    Lie("segment_rules:object_to_events", "if not (events.category_ids or events.brand_ids):", "if not events.category_ids:", "segment-events-scope"),
    Lie("segment_rules:object_to_events", "events.min_price > events.max_price", "events.min_price >= events.max_price", "segment-prices"),
    Lie("segment_rules:object_to_events", "events.min_price > events.max_price", "False", "segment-prices"),
    Lie("world:CriteoWorld.coming_segment_id", "self.newest_segment + 1", "max(self.segments.rows) + 1", "segment-new-ids"),
    Lie("records:segment_keys", "yield (\"name\", \"exact\", segment.account_id, segment.name)", "yield (\"name\", \"exact\", \"any\", segment.name)", "segment-names-unique"),
    Lie("store:Collection.put", "for key in before - after:", "for key in ():", "segment-rename-unique"),
    Lie("store:Collection.remove", "for key in set(self._keys(record)):", "for key in ():", "segment-deleted-names"),
    Lie("dialect:_listed_in", "(\"preview\", \"experimental\")", "(\"preview\",)", "versions-refused-items"),
    Lie("dialect:answer", "failures if in_errors else []", "failures", "segment-partial-approval"),
    Lie("dialect:answer", "body[\"warnings\"] = [] if in_errors else failures", "body[\"warnings\"] = []", "segment-partial-approval"),
    Lie("dialect:problem", "objection.source or None", "None", "segment-every-flaw"),
    Lie("dialect:problem", "\"instance\": call.path", "\"instance\": call.path + \"/\"", "problems-name-the-call"),
)
