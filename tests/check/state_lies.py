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
        found: Any = import_module(f"mockserver{module}" if module.startswith(".") else f"mockserver.providers.criteo.{module}")
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
    Lie(
        "naming:Naming.object_to",
        "if id != named.id]",
        "if id != named.id and named.updated_at == named.created_at]",
        "segment-rename-unique",
    ),
    Lie("segments:create_segments", "if objections:", "if objections and kept:", "segment-partial-approval"),
    Lie("segments:create_segments", "failures += objections", "failures += objections[:1]", "segment-every-flaw"),
    Lie("segments:create_segments", "_entities(kept, call)", "_entities(kept[::-1], call)", "segment-partial-approval"),
    Lie("segments:create_segments", "data/{position}/attributes", "data/{position + 1}/attributes", "segment-every-flaw"),
    Lie("segments:create_segments", "failures=failures", "failures=failures[:100] if kept else ()", "segment-every-flaw"),
    Lie("segments:create_segments", 'call.body.get("data", ())', 'call.body.get("data", ())[:100]', "segment-many-at-once"),
    Lie("segments:update_segments", "kept.append(changed)", "kept.insert(0, changed)", "segment-changes-in-order"),
    Lie(
        "segments:update_segments",
        "_entities(kept, call)",
        "_entities(sorted(kept, key=lambda each: each.id), call)",
        "segment-changes-in-order",
    ),
    Lie(
        "segments:update_segments",
        "if segment is None:\n            failures",
        "if segment is None:\n            continue\n            failures",
        "segment-unknown-ids",
    ),
    Lie(
        "segments:update_segments",
        "call.world.keep_segment(changed)",
        "call.world.keep_segment(changed if position == 0 else segment)",
        "segment-changes-in-order",
    ),
    Lie(
        "segments:delete_segments",
        "call.world.forget_segment(segment)",
        "call.world.segments.get(segment.id)",
        "segment-deletion",
    ),
    Lie("segments:delete_segments", "gone.append(", "gone.insert(0, ", "segment-deletion"),
    Lie(
        "segments:delete_segments",
        'failures.append(_not_found(item["id"], position, call))',
        'gone.append({"id": str(numeric(item["id"]) or 0), "type": call.readings["segment-resource-type"]})',
        "segment-unknown-ids",
    ),
    Lie("segments:delete_segments", "failures=failures", "failures=failures[:1]", "segment-unknown-ids"),
    Lie(
        "segments:search_segments",
        "segment.retailer_id in retailers)",
        "segment.retailer_id in retailers or bool(kinds))",
        "segment-filters",
    ),
    Lie(
        "segments:search_segments",
        "kinds is None or segment.kind in kinds",
        "kinds is None or segment.kind in kinds[:1]",
        "segment-filters",
    ),
    Lie("segments:search_segments", "kinds is None or segment.kind in kinds", "True", "segment-filters"),
    Lie(
        "segments:search_segments",
        "sorted({numeric(id) or 0 for id in ids})",
        "{numeric(id) or 0: 0 for id in ids}",
        "segment-filters",
    ),
    Lie(
        "segments:search_segments",
        "sorted({numeric(id) or 0 for id in ids})",
        "sorted({numeric(id) or 0 for id in ids}, key=str)",
        "pages-named-segments",
    ),
    Lie(
        "segments:search_segments",
        "sorted({numeric(id) or 0 for id in ids})",
        "sorted(numeric(id) or 0 for id in ids)",
        "segment-filters",
    ),
    Lie("segments:search_segments", "len(every), every[offset", "len(every[offset:]), every[offset", "pages-of-own-segments"),
    Lie(
        "segments:search_segments",
        "every[offset : offset + limit]",
        "every[offset : offset + limit + 1]",
        "pages-of-own-segments",
    ),
    Lie(
        "segments:search_segments",
        "every[offset : offset + limit]",
        "every[offset + (offset > 4) : offset + limit]",
        "pages-of-own-segments",
    ),
    Lie(
        "segments:search_segments",
        "(retailers or (None,), kinds or (None,))",
        "(retailers or (None,), (None,))",
        "segment-search-agrees",
    ),
    Lie(
        "segments:search_segments",
        "(retailers or (None,), kinds or (None,))",
        "((retailers or (None,))[:1], kinds or (None,))",
        "segment-search-agrees",
    ),
    Lie("segments:search_segments", "and segment.account_id == account", "", "isolation-of-segments"),
    Lie("segments:_own_segment", "and segment.account_id == call.arguments[0]", "", "isolation-of-segments"),
    Lie(
        "segments:_drafted",
        'description=said.get("description")',
        'description=said.get("description") or None',
        "segment-description-lengths",
    ),
    Lie("segments:_drafted", 'name=said["name"]', 'name=said["name"].strip()', "segment-names-as-sent"),
    Lie(
        "segments:_drafted",
        'elif contact_list is not None and "identifierType" not in contact_list:',
        "elif False:",
        "segment-one-kind",
    ),
    Lie(
        "segments:_drafted",
        "if contact_list is not None and events is not None:",
        "if contact_list and events:",
        "segment-one-kind",
    ),
    Lie("segments:_drafted", 'id_text(said["retailerId"])', 'str(int(id_text(said["retailerId"])) + 0)', "segment-retailers"),
    Lie("segments:_drafted", "updated_at=call.now", "updated_at=call.now + 1", "segment-lists-kept"),
    Lie("segments:_drafted", '("Onsite", "Offsite")', '("Onsite",)', "segment-lists-kept"),
    Lie(
        "segments:_ids",
        "dict.fromkeys(id_text(id) for id in said or ())",
        "sorted({id_text(id) for id in said or ()})",
        "segment-events-kept",
    ),
    Lie(
        "segments:_ids",
        "dict.fromkeys(id_text(id) for id in said or ())",
        "[id_text(id) for id in said or ()]",
        "segment-ids-as-numbers",
    ),
    Lie(
        "segments:events_of",
        'said.get("minPrice"),\n        said.get("maxPrice")',
        'said.get("maxPrice"),\n        said.get("minPrice")',
        "segment-events-kept",
    ),
    Lie("segments:events_of", 'said.get("maxPrice")', 'said.get("maxPrice") or None', "segment-prices"),
    Lie("segments:_changed", "updated_at=call.now", "updated_at=segment.updated_at", "segment-times"),
    Lie("segments:_changed", "updated_at=call.now", "updated_at=call.now, created_at=call.now", "segment-times"),
    Lie("segments:_changed", "updated_at=call.now", "updated_at=call.now if said else segment.updated_at", "segment-times"),
    Lie("segments:_changed", 'said.get("name", segment.name)', 'said.get("name") or segment.name', "segment-change-lengths"),
    Lie(
        "segments:_changed",
        'nillable(said, "description", segment.description)',
        '(said.get("description") or {}).get("value", segment.description)',
        "segment-description-nillable",
    ),
    Lie(
        "segments:_changed",
        'nillable(said, "description", segment.description)',
        '(said.get("description") or {}).get("value")',
        "segment-change-named",
    ),
    Lie("segments:_changed", 'if events and said.get("events") is not None:', "if False:", "segment-lists-replace"),
    Lie("segments:_changed", 'if segment.contact_list and said.get("events"):', "if False:", "segment-kind-stays"),
    Lie("segments:_changed", 'if segment.events and said.get("contactList"):', "if False:", "segment-kind-stays"),
    Lie("segments:_changed", 'said.get("contactList"):', 'said.get("contactList") is not None:', "segment-kind-stays"),
    Lie(
        "segments:_changed_events",
        '_ids(said["categoryIds"])',
        'tuple(dict.fromkeys((*events.category_ids, *_ids(said["categoryIds"]))))',
        "segment-lists-replace",
    ),
    Lie(
        "segments:_changed_events",
        'nillable(said, "maxPrice", events.max_price)',
        "events.max_price",
        "segment-prices-nillable",
    ),
    Lie(
        "segments:_changed_events",
        'said.get("lookbackDays", events.lookback_days)',
        "events.lookback_days",
        "segment-lists-replace",
    ),
    Lie("inputs:nillable", '.get("value")', '.get("value", now)', "segment-description-nillable"),
    Lie("inputs:filters", "if attributes.get(name)", "if attributes.get(name) is not None", "segment-filters"),
    Lie("inputs:id_text", "str(said)", 'str(said) if isinstance(said, str) else ""', "segment-ids-as-numbers"),
    Lie("naming:Naming.object_to", "if id != named.id]", "]", "segment-change-named"),
    Lie("naming:Naming.object_to", "if not named.name.strip():", "if not named.name:", "segment-name-lengths"),
    Lie("naming:Naming.object_to", "> LONGEST_NAME", ">= LONGEST_NAME", "segment-name-lengths"),
    Lie("naming:Naming.object_to", "> LONGEST_NAME", "> LONGEST_NAME + 1", "segment-name-lengths"),
    Lie("naming:Naming.object_to", "> LONGEST_DESCRIPTION", ">= LONGEST_DESCRIPTION", "segment-description-lengths"),
    Lie(
        "naming:Naming.object_to",
        'if len(named.description or "") > LONGEST_DESCRIPTION:',
        "if False:",
        "segment-description-lengths",
    ),
    Lie("naming:_compared", 'comparison == "exact"', "False", "segment-names-compared"),
    Lie("naming:_bearers", "named.account_id, ", "named.account_id, named.retailer_id + ", "segment-names-unique"),
    Lie(
        "segment_rules:object_to",
        "yield from object_to_retailer",
        "if False: yield from object_to_retailer",
        "segment-retailers",
    ),
    Lie(
        "segment_rules:object_to",
        "if segment.events:",
        "if segment.events and segment.created_at == segment.updated_at:",
        "segment-events-rules-stay",
    ),
    Lie(
        "segment_rules:object_to_events",
        "if not (events.category_ids or events.brand_ids):",
        "if not events.category_ids:",
        "segment-events-scope",
    ),
    Lie(
        "segment_rules:object_to_events",
        "events.min_price > events.max_price",
        "events.min_price >= events.max_price",
        "segment-prices",
    ),
    Lie("segment_rules:object_to_events", "events.min_price > events.max_price", "False", "segment-prices"),
    Lie("world:CriteoWorld.coming_segment_id", "self.newest_segment + 1", "max(self.segments.rows) + 1", "segment-new-ids"),
    Lie(
        "records:segment_keys",
        'yield ("name", "exact", segment.account_id, segment.name)',
        'yield ("name", "exact", "any", segment.name)',
        "segment-names-unique",
    ),
    Lie(".store:Collection._refile", "for key in before - after:", "for key in ():", "segment-rename-unique"),
    Lie(".store:Collection.remove", "for key in set(self._keys(record)):", "for key in ():", "segment-deleted-names"),
    Lie("dialect:_listed_in", '("preview", "experimental")', '("preview",)', "versions-refused-items"),
    Lie("dialect:answer", "failures if in_errors else []", "failures", "segment-partial-approval"),
    Lie(
        "dialect:answer",
        'body["warnings"] = [] if in_errors else failures',
        'body["warnings"] = []',
        "segment-partial-approval",
    ),
    Lie("dialect:problem", "objection.source or None", "None", "segment-every-flaw"),
    Lie("dialect:problem", '"instance": call.path', '"instance": call.path + "/"', "segment-problems-name-the-call"),
)

LISTS = (
    Lie(
        "contact_lists:add_remove",
        'said.get("identifierType") or settings.identifier_type',
        "settings.identifier_type",
        "list-echoes",
    ),
    Lie(
        "contact_lists:add_remove",
        "HELD_AS.get(kind, kind) != settings.identifier_type",
        "kind != settings.identifier_type",
        "list-type-mismatch",
    ),
    Lie("contact_lists:add_remove", "HELD_AS.get(kind, kind) != settings.identifier_type", "False", "list-type-mismatch"),
    Lie(
        "contact_lists:add_remove",
        "sift(identifiers, FORMS[kind])",
        "sift(list(dict.fromkeys(identifiers)), FORMS[kind])",
        "list-samples",
    ),
    Lie(
        "contact_lists:add_remove",
        '_amend(segment, said["operation"], digests, call)',
        '_amend(segment, "add", digests, call)',
        "list-removal",
    ),
    Lie("contact_lists:add_remove", '"contactListId": segment.id', '"contactListId": segment.id + 1', "list-is-a-set"),
    Lie(
        "contact_lists:add_remove", '"nbValidIdentifiers": sifted.valid', '"nbValidIdentifiers": len(digests)', "list-is-a-set"
    ),
    Lie(
        "contact_lists:add_remove",
        '"nbInvalidIdentifiers": sifted.invalid',
        '"nbInvalidIdentifiers": len(sifted.sample)',
        "list-samples",
    ),
    Lie(
        "contact_lists:add_remove",
        '"sampleInvalidIdentifiers": sifted.sample',
        '"sampleInvalidIdentifiers": [each.strip() for each in sifted.sample]',
        "list-samples",
    ),
    Lie(
        "contact_lists:add_remove",
        '"sampleInvalidIdentifiers": sifted.sample',
        '"sampleInvalidIdentifiers": sifted.sample[:9]',
        "list-samples",
    ),
    Lie(
        "contact_lists:add_remove",
        '"sampleInvalidIdentifiers": sifted.sample',
        '"sampleInvalidIdentifiers": sifted.sample[::-1]',
        "list-samples",
    ),
    Lie(
        "contact_lists:add_remove",
        '"requestDate": _request_date(call)',
        '"requestDate": written(segment.created_at)',
        "list-request-date",
    ),
    Lie("contact_lists:clear", "fresh=True", "fresh=False", "list-clearing"),
    Lie("contact_lists:clear", "_keep(segment,", "call.world.forget_segment(segment)\n    _keep(segment,", "list-clearing"),
    Lie(
        "contact_lists:statistics",
        "matches / identifiers if identifiers else 0",
        "matches / identifiers if identifiers else 1",
        "list-is-a-set",
    ),
    Lie(
        "contact_lists:statistics", "matches / identifiers if", "min(1, 1.01 * matches / identifiers) if", "list-matches-add-up"
    ),
    Lie("contact_lists:statistics", '"numberOfMatches": matches', '"numberOfMatches": identifiers + 1', "list-is-a-set"),
    Lie("contact_lists:_listed", "or segment.account_id not in accounts", "", "isolation-of-lists"),
    Lie("contact_lists:_listed", "if segment.contact_list is None:", "if False:", "list-of-events"),
    Lie("contact_lists:_editable", "if segment.contact_list.is_read_only:", "if False:", "list-read-only"),
    Lie("contact_lists:_amend", "digests - members.values", "set(digests)", "list-matches-come-back"),
    Lie("contact_lists:_amend", "digests & members.values", "set(digests)", "list-removal"),
    Lie("contact_lists:_amend", "contact_list.matches - call", "contact_list.matches or call", "list-matches-come-back"),
    Lie("contact_lists:_amend", "members.values |= changed", "members.values = set(changed)", "list-is-a-set"),
    Lie(
        "world:CriteoWorld.contact_list",
        "self.contact_lists.get(segment)",
        "self.contact_lists.get(min(self.contact_lists.rows, default=0) if segment not in self.contact_lists else segment)",
        "list-is-a-set",
    ),
    Lie("identifiers:sift", "LARGEST_SAMPLE", "11", "list-samples"),
    Lie("identifiers:sift", 'if text.count("\\n") != len(identifiers) - 1:', "if False:", "list-line-breaks"),
    Lie("identifiers:_folded", "text.lower() if form.folded else text", "text.lower()", "list-case"),
    Lie("identifiers:_folded", "text.lower() if form.folded else text", "text", "list-spellings"),
    Lie("identifiers:_invalid", "each.strip()", "each", "list-line-breaks"),
)

AUDIENCES = (
    Lie("audiences:create_audiences", "if objections:", "if objections and False:", "algebra-one-member"),
    Lie(
        "audiences:create_audiences",
        "[_written(audience, call) for audience in kept]",
        "[_written(audience, call) for audience in reversed(kept)]",
        "audiences-kept",
    ),
    Lie("audiences:create_audiences", "*_object_to_algebra(said, audience, call, pointer)", "", "algebra-segments"),
    Lie("audiences:update_audiences", "*_object_to_algebra(said, audience, call, pointer)", "", "algebra-segments"),
    Lie(
        "audiences:update_audiences",
        "kept.append(_keep(_with_algebra(changed, said), call))",
        "kept.append(_keep(changed, call))",
        "algebra-shapes",
    ),
    Lie("audiences:update_audiences", "updated_at=call.now", "updated_at=audience.updated_at", "audience-times"),
    Lie("audiences:update_audiences", "[*object_to(changed, call, pointer), ", "[", "audience-names-unique"),
    Lie(
        "audiences:update_audiences",
        'nillable(said, "description", audience.description)',
        "audience.description",
        "audience-changes",
    ),
    Lie(
        "audiences:delete_audiences",
        "call.world.audiences.remove(audience)",
        "call.world.audiences.get(audience.id)",
        "audience-deletion",
    ),
    Lie("audiences:search_audiences", "named & using if", "named | using if", "audience-filters"),
    Lie("audiences:search_audiences", "retailers is None or audience.retailer_id in retailers", "True", "audience-filters"),
    Lie(
        "audiences:search_audiences",
        "for retailer in retailers or (None,)",
        "for retailer in (None,)",
        "audience-search-agrees",
    ),
    Lie("audiences:search_audiences", "sorted(sought or ())", "sorted(sought or (), reverse=True)", "audience-filters"),
    Lie(
        "audiences:search_audiences",
        "len(every), every[offset",
        "len(every[offset : offset + limit]), every[offset",
        "pages-of-own-audiences",
    ),
    Lie("audiences:search_audiences", "for segment in segments for", "for segment in segments[:1] for", "audience-filters"),
    Lie("audiences:search_audiences", "and audience.account_id == account", "", "isolation-of-audiences"),
    Lie("audiences:_own_audience", "and audience.account_id == call.arguments[0]", "", "isolation-of-audiences"),
    Lie(
        "audiences:_with_algebra",
        "frozenset(mentioned(algebra))",
        "audience.segments or frozenset(mentioned(algebra))",
        "audience-used-segments",
    ),
    Lie("records:mentioned", '([node["not"]] if "not" in node else [])', "[]", "audience-filters"),
    Lie(
        "records:audience_keys",
        "for segment in audience.segments:",
        "for segment in sorted(audience.segments)[:1]:",
        "audience-filters",
    ),
    Lie("audience_rules:object_to", "call.world.audiences", "call.world.segments", "audiences-kept"),
    Lie(
        "audience_rules:object_to",
        "yield from object_to_retailer",
        "if False: yield from object_to_retailer",
        "audience-retailers",
    ),
    Lie("algebra:object_to_algebra", "len(members) != 1", "len(members) < 1", "algebra-one-member"),
    Lie("algebra:object_to_algebra", "depth > DEEPEST", "depth >= DEEPEST", "algebra-depth"),
    Lie("algebra:object_to_algebra", "depth > DEEPEST", "depth > DEEPEST + 1", "algebra-depth"),
    Lie("algebra:object_to_algebra", "elif not node[members[0]]:", "elif False:", "algebra-no-empty-list"),
    Lie(
        "algebra:object_to_algebra",
        'pending.append((node["not"], f"{place}/not", depth + 1))',
        'pending.append((node["not"], f"{place}/not", depth))',
        "algebra-depth",
    ),
    Lie("algebra:object_to_algebra", 'f"{place}/{members[0]}/{at}"', 'f"{place}/{members[0]}/{at + 1}"', "algebra-every-flaw"),
    Lie("algebra:_object_to_segment", "or segment.retailer_id != retailer", "", "algebra-retailer"),
    Lie("algebra:_object_to_segment", "segment is None or", "segment is not None and", "algebra-segments"),
)

SIZES = (
    Lie("algebra:evaluated", "everyone & ~evaluated", "evaluated", "sizes-add-up"),
    Lie(
        "algebra:evaluated",
        "found &= evaluated(node, leaf, everyone)",
        "found = evaluated(node, leaf, everyone)",
        "sizes-add-up",
    ),
    Lie(
        "algebra:evaluated",
        "found |= evaluated(node, leaf, everyone)",
        "found ^= evaluated(node, leaf, everyone)",
        "sizes-add-up",
    ),
    Lie("algebra:evaluated", 'for node in algebra["and"]:', 'for node in algebra["and"][:2]:', "sizes-of-three"),
    Lie("sizes:_size", '{"size": size} if', '{"size": size + 1} if', "sizes-consistent"),
    Lie("sizes:_size", "if call.caller.application.sees_absolute_sizes", "if True", "sizes-absolute"),
    Lie("sizes:_size", "(found & in_channel(channel, retailer, call.world.seed))", "found", "sizes-by-channel"),
    Lie("sizes:_size", "in_channel(channel,", 'in_channel("Onsite",', "sizes-by-channel"),
    Lie("sizes:_sizes", "or found.account_id != call.arguments[0]", "", "isolation-of-algebra"),
    Lie("sizes:_sizes", '_once(said["ids"])', 'enumerate(said["ids"])', "sizes-of-each-id"),
    Lie("sizes:_sizes", "return Reply(sized", 'return Reply(sorted(sized, key=lambda each: each["id"])', "sizes-of-each-id"),
    Lie("sizes:_sizes", "failures.append(missing", "(lambda each: None)(missing", "sizes-of-each-id"),
    Lie("sizes:_once", "(position, id))", "(0, id))", "sizes-of-each-id"),
    Lie("sizes:_evaluated", "0 if segment is None", "EVERYONE if segment is None", "sizes-without-the-gone"),
    Lie("sizes:estimate_segment", "_refuse_any(object_to_events", "list(object_to_events", "estimate-events"),
    Lie("sizes:estimate_audience", "_refuse_any(object_to_algebra", "list(object_to_algebra", "estimate-algebra"),
    Lie("sizes:_retailer", "_refuse_any(object_to_retailer", "list(object_to_retailer", "estimate-retailers"),
    Lie(
        "sizes:estimate_segment",
        "by_events(events, retailer, call.world.seed)",
        "by_events(events, retailer, call.world.seed + 1)",
        "sizes-as-estimated",
    ),
    Lie("shoppers:by_events", "0.3 + 0.7 *", "1.0 - 0.7 *", "sizes-never-fewer"),
    Lie("shoppers:by_events", "if ids else EVERYONE", 'if ids and name == "category" else EVERYONE', "sizes-never-fewer"),
    Lie("shoppers:by_events", "found & _within", "found | _within", "sizes-never-fewer"),
    Lie("shoppers:_any", "found |=", "found = found ^", "sizes-of-filters"),
    Lie("shoppers:_within", "if most is None else", "if True else", "sizes-never-fewer"),
    Lie(
        "shoppers:_by_contact_list",
        "if not contact_list.shoppers:",
        "if not contact_list.shoppers and contact_list.members.values:",
        "sizes-of-lists",
    ),
)

PAGES = (
    Lie("shoppers:_within", "if least is None else", "if True else", "sizes-never-fewer"),
    Lie("shoppers:_within", "& ~drawn", "| drawn", "sizes-never-fewer"),
    Lie("paging:page", '"totalItems": total', '"totalItems": min(total, 100)', "pages-tile-segments"),
    Lie("paging:page", 'call.parameters["limit"]', "len(entities)", "page-bounds-segments"),
    Lie("paging:page", 'call.parameters["offset"]', 'min(call.parameters["offset"], total)', "page-bounds-segments"),
    Lie(".store:Collection.page", "offset + limit)", "offset + limit - 1)", "pages-filtered-segments"),
    Lie(".store:Ids.page", "chunk[offset:]", "chunk[offset + 1 :] if at else chunk[offset:]", "pages-tile-segments"),
)

LIES = (*SEGMENTS, *LISTS, *AUDIENCES, *SIZES, *PAGES)
