"""The statements by which a stage becomes orders and refunds. All run in one transaction; the temporary tables
live as long as it does. `{stage}` is the run's own table; nothing else is ever put into these texts."""

# ruff: noqa: S608 - texts are put together from the constants of this file alone

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SESSION = (
    "set local work_mem = '192MB'",
    "set local temp_buffers = '64MB'",
    "set local jit = off",
)

PRODUCTS = """
insert into product (code, name, kind)
select s.code, s.description, s.kind from {stage} s
join (
  select coalesce(max(line_no) filter (where description <> '' and not refund),
                  max(line_no) filter (where description <> ''), max(line_no)) as line_no
  from {stage} group by code
) newest using (line_no)
order by s.code
on conflict (code) do update set name = excluded.name where product.name = '' and excluded.name <> ''
"""

REPEATED_LINES = """
with twice as (
  select refund, number, line_id, max(line_no) as line_no from {stage}
  where line_id <> '' group by 1, 2, 3 having count(*) > 1
), gone as (
  delete from {stage} s using twice t
  where s.refund = t.refund and s.number = t.number and s.line_id = t.line_id and s.line_no < t.line_no
  returning s.*
), noted as (
  insert into import_rejection (import_id, line_number, reason, detail, line)
  select :import_id, line_no, 'REPEATED_LINE', line_id,
    jsonb_build_object('number', number, 'line_id', line_id, 'code', code, 'quantity', quantity, 'price', unit_price)
  from gone
)
select case when refund then 'refund' else 'sale' end as side, kind, count(*) as lines,
  sum(amount_fen)::bigint as fen, count(*) filter (where amount_fen = 0 and not refund) as gifts,
  count(*) filter (where buyer = '') as without_buyer
from gone group by 1, 2
"""

BUYERS = "create temp table merge_buyer (buyer text primary key, customer_id bigint) on commit drop"
DISTINCT_BUYERS = "select distinct buyer from {stage} where buyer <> ''"
STORES = "create temp table merge_store (code text primary key, store_id bigint) on commit drop"


@dataclass(frozen=True)
class Side:
    """Orders or refunds: the same steps over other tables."""

    name: Literal["order", "refund"]
    refund: Literal["true", "false"]
    document: str
    line: str
    parent: str
    at: str
    store_column: str
    store_value: str
    line_customer: str
    line_customer_value: str


ORDERS = Side(
    "order", "false", "customer_order", "order_line", "order_id", "placed_at",
    ", store_id", ", st.store_id", "customer_id, ", "l.customer_id, ",
)  # fmt: skip
REFUNDS = Side("refund", "true", "refund", "refund_line", "refund_id", "refunded_at", "", "", "", "")


def documents(side: Side) -> str:
    """One row per number, as the file has it. A document that names several buyers belongs to nobody."""
    return f"""
create temp table merge_{side.name} on commit drop as
select number, min(placed_at) as at, count(*) as lines,
  case when min(buyer) filter (where buyer <> '') = max(buyer) filter (where buyer <> '')
       then max(buyer) end as buyer,
  coalesce(min(buyer) filter (where buyer <> '') <> max(buyer) filter (where buyer <> ''), false) as several_buyers,
  max(store) as store,
  coalesce(sum(amount_fen) filter (where kind = 'goods'), 0)::bigint as goods_fen,
  coalesce(sum(amount_fen) filter (where kind = 'postage'), 0)::bigint as postage_fen,
  coalesce(sum(amount_fen) filter (where kind in ('adjustment', 'fee')), 0)::bigint as adjustment_fen,
  sum(amount_fen)::bigint as total_fen
from {{stage}} where refund = {side.refund} group by number
"""


def new_documents(side: Side) -> str:
    return f"""
with made as (
  insert into {side.document} (source, number, customer_id, {side.at}{side.store_column},
    goods_fen, postage_fen, adjustment_fen, total_fen, recorded_at)
  select :source, d.number, b.customer_id, d.at{side.store_value},
    d.goods_fen, d.postage_fen, d.adjustment_fen, d.total_fen, :now
  from merge_{side.name} d
  left join merge_buyer b on b.buyer = d.buyer
  left join merge_store st on st.code = d.store
  order by d.number
  on conflict (source, number) do nothing
  returning id, number, customer_id
)
insert into merge_{side.name}_id (number, id, customer_id, is_new, adopted)
select number, id, customer_id, true, false from made
"""


def document_ids(side: Side) -> str:
    return (
        f"create temp table merge_{side.name}_id (number text, id bigint, customer_id bigint, is_new boolean,"
        " adopted boolean) on commit drop"
    )


def known_documents(side: Side) -> str:
    return f"""
insert into merge_{side.name}_id (number, id, customer_id, is_new, adopted)
select c.number, c.id, c.customer_id, false, false
from merge_{side.name} d join {side.document} c on c.source = :source and c.number = d.number
where not exists (select 1 from merge_{side.name}_id i where i.number = d.number)
"""


def adopt(side: Side) -> str:
    """A known document that belonged to nobody, and whose buyer this file names."""
    return f"""
with theirs as (
  update {side.document} c set customer_id = b.customer_id
  from merge_{side.name}_id i join merge_{side.name} d on d.number = i.number join merge_buyer b on b.buyer = d.buyer
  where c.id = i.id and not i.is_new and c.customer_id is null and b.customer_id is not null
  returning c.id, c.customer_id
)
update merge_{side.name}_id i set customer_id = theirs.customer_id, adopted = true
from theirs where theirs.id = i.id
"""


ADOPT_LINES = """
update order_line l set customer_id = i.customer_id
from merge_order_id i where i.adopted and l.order_id = i.id and l.customer_id is null
"""


def lines(side: Side) -> str:
    """Lines with their keys, in the order in which they will be written. Equal lines of one document are numbered
    in file order (rules.line_key says the same); `rank` cuts them into slices."""
    return f"""
create temp table merge_{side.name}_line on commit drop as
select i.id as document_id, i.customer_id, p.id as product_id, s.kind, s.description, s.quantity, s.unit_price,
  s.amount_fen,
  case when s.line_id <> '' then '#' || s.line_id
       else s.code || '|' || s.quantity || '|' || trim_scale(s.unit_price) || '|'
         || row_number() over (partition by i.id, p.id, s.quantity, s.unit_price order by s.line_no)
  end as line_key,
  row_number() over (order by i.id, p.id, s.quantity, s.unit_price, s.line_no) as rank
from {{stage}} s join merge_{side.name}_id i on i.number = s.number join product p on p.code = s.code
where s.refund = {side.refund}
"""


def changes(side: Side) -> str:
    return (
        f"create temp table merge_{side.name}_change (document_id bigint, inserted bigint, updated bigint)"
        " on commit drop"
    )


def write_lines(side: Side) -> str:
    """One slice. A line that is there already, unchanged, is not written again."""
    return f"""
with written as (
  insert into {side.line} ({side.parent}, {side.line_customer}line_key, product_id, kind, description,
    quantity, unit_price, amount_fen)
  select l.document_id, {side.line_customer_value}l.line_key, l.product_id, l.kind, l.description,
    l.quantity, l.unit_price, l.amount_fen
  from merge_{side.name}_line l where l.rank between :first and :last order by l.rank
  on conflict ({side.parent}, line_key) do update set
    product_id = excluded.product_id, kind = excluded.kind, description = excluded.description,
    quantity = excluded.quantity, unit_price = excluded.unit_price, amount_fen = excluded.amount_fen
  where ({side.line}.product_id, {side.line}.kind, {side.line}.description, {side.line}.quantity,
         {side.line}.unit_price, {side.line}.amount_fen)
    is distinct from (excluded.product_id, excluded.kind, excluded.description, excluded.quantity,
         excluded.unit_price, excluded.amount_fen)
  returning {side.parent} as document_id, xmax = 0 as inserted
)
insert into merge_{side.name}_change
select document_id, count(*) filter (where inserted), count(*) filter (where not inserted) from written group by 1
"""


def recount(side: Side) -> str:
    """Known documents whose lines changed get their sums anew."""
    return f"""
update {side.document} d set goods_fen = s.goods_fen, postage_fen = s.postage_fen,
  adjustment_fen = s.adjustment_fen, total_fen = s.total_fen
from (
  select l.{side.parent} as id,
    coalesce(sum(l.amount_fen) filter (where l.kind = 'goods'), 0)::bigint as goods_fen,
    coalesce(sum(l.amount_fen) filter (where l.kind = 'postage'), 0)::bigint as postage_fen,
    coalesce(sum(l.amount_fen) filter (where l.kind in ('adjustment', 'fee')), 0)::bigint as adjustment_fen,
    sum(l.amount_fen)::bigint as total_fen
  from {side.line} l
  where l.{side.parent} in (
    select c.document_id from merge_{side.name}_change c join merge_{side.name}_id i on i.id = c.document_id
    where not i.is_new
  )
  group by 1
) s
where d.id = s.id
  and (d.goods_fen, d.postage_fen, d.adjustment_fen, d.total_fen)
    is distinct from (s.goods_fen, s.postage_fen, s.adjustment_fen, s.total_fen)
"""


def told(side: Side) -> str:
    """Documents that are new to a customer, for the timeline."""
    staff = "c.staff_id" if side.name == "order" else "null::bigint"
    return f"""
select c.id, c.customer_id, c.{side.at}, c.source, c.number, c.total_fen, {staff}
from {side.document} c join merge_{side.name}_id i on i.id = c.id
where (i.is_new or i.adopted) and c.customer_id is not null order by c.id
"""


def summary(side: Side) -> str:
    return f"""
select count(*) filter (where i.is_new) as new,
  count(*) filter (where not i.is_new and (c.inserted > 0 or c.updated > 0 or i.adopted)) as changed,
  count(*) filter (where not i.is_new and c.document_id is null and not i.adopted) as unchanged,
  count(*) filter (where i.customer_id is null) as without_customer,
  count(*) filter (where d.several_buyers) as several_buyers,
  coalesce(sum(d.lines), 0)::bigint as lines,
  coalesce(sum(c.inserted), 0)::bigint as lines_new,
  coalesce(sum(c.updated), 0)::bigint as lines_changed,
  coalesce(sum(d.goods_fen), 0)::bigint as goods_fen, coalesce(sum(d.postage_fen), 0)::bigint as postage_fen,
  coalesce(sum(d.adjustment_fen), 0)::bigint as adjustment_fen, coalesce(sum(d.total_fen), 0)::bigint as total_fen
from merge_{side.name}_id i
join merge_{side.name} d on d.number = i.number
left join (select document_id, sum(inserted) as inserted, sum(updated) as updated
           from merge_{side.name}_change group by 1) c on c.document_id = i.id
"""


OPEN_RETURNS = """
select distinct r.customer_id from refund r join refund_line l on l.refund_id = r.id
where r.source = :source and l.order_line_id is null and l.kind = any(:kinds) and r.customer_id is not null
  and (r.id in (select id from merge_refund_id where is_new or adopted
                union select document_id from merge_refund_change)
       or r.customer_id in (select customer_id from merge_order_id where is_new or adopted
                union select customer_id from merge_order_id i join merge_order_change c on c.document_id = i.id))
"""

MATCHED_REFUNDS = """
select count(*) filter (where l.order_line_id is not null) as lines_matched,
  coalesce(sum(l.amount_fen) filter (where l.order_line_id is not null), 0)::bigint as matched_fen,
  count(*) filter (where l.order_line_id is null and l.kind = any(:kinds)) as lines_without_order,
  coalesce(sum(l.amount_fen) filter (where l.order_line_id is null and l.kind = any(:kinds)), 0)::bigint
    as without_order_fen,
  count(*) filter (where l.order_line_id is null and not l.kind = any(:kinds)) as lines_never_matched,
  coalesce(sum(l.amount_fen) filter (where l.order_line_id is null and not l.kind = any(:kinds)), 0)::bigint
    as never_matched_fen
from refund_line l where l.refund_id in (select id from merge_refund_id)
"""
