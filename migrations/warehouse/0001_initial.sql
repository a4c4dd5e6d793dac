-- Facts. Each is three objects:
--   x_settled  one row per source row, sorted by customer; a row here may be out of date or deleted
--   x_fresh    newer versions of rows that x_settled already has, and deletions (ReplacingMergeTree, small)
--   x          the view that everybody reads: settled rows without a newer version, and the newest of the fresh ones
-- So a read costs what the settled rows cost, without FINAL; `settle.py` folds the fresh ones in. `id` is PostgreSQL's
-- key, `_version` the transaction that wrote the row. customer_id is the sharding key of a cluster; 0 is nobody.
-- Partitioned by whether the row was merged into another: every question leaves those out, and finds the few of them there
-- instead of among all customers.
create table if not exists customers_settled (
  id Int64, created_at DateTime64(3, 'UTC'), first_added_at Nullable(DateTime64(3, 'UTC')), gender UInt8,
  has_mobile UInt8, merged_into_id Int64, _version UInt64
) engine = MergeTree partition by merged_into_id != 0 order by id;

create table if not exists relationships_settled (
  id Int64, customer_id Int64, staff_id Int64, store_id Int64, status LowCardinality(String), add_way UInt16,
  state String, added_at DateTime64(3, 'UTC'), ended_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64
) engine = MergeTree order by (customer_id, id);

create table if not exists relationship_tags_settled (
  id Int64, customer_id Int64, relationship_id Int64, tag_id Int64, source LowCardinality(String),
  created_at DateTime64(3, 'UTC'), _version UInt64
) engine = MergeTree order by (tag_id, customer_id, id);

create table if not exists group_members_settled (
  id Int64, customer_id Int64, group_id Int64, scene LowCardinality(String), state String,
  joined_at DateTime64(3, 'UTC'), left_at Nullable(DateTime64(3, 'UTC')), _version UInt64
) engine = MergeTree order by (group_id, customer_id, id);

create table if not exists orders_settled (
  id Int64, customer_id Int64, placed_at DateTime64(3, 'UTC'), store_id Int64, staff_id Int64,
  source LowCardinality(String), goods_fen Int64, postage_fen Int64, adjustment_fen Int64, total_fen Int64,
  _version UInt64
) engine = MergeTree partition by toYYYYMM(placed_at) order by (customer_id, id);

create table if not exists refunds_settled (
  id Int64, customer_id Int64, order_id Int64, refunded_at DateTime64(3, 'UTC'), goods_fen Int64, total_fen Int64,
  _version UInt64
) engine = MergeTree partition by toYYYYMM(refunded_at) order by (customer_id, id);

create table if not exists order_lines_settled (
  id Int64, customer_id Int64, order_id Int64, product_id Int64, category LowCardinality(String), store_id Int64,
  kind LowCardinality(String), quantity Int64, amount_fen Int64, placed_at DateTime64(3, 'UTC'),
  _version UInt64
) engine = MergeTree partition by toYYYYMM(placed_at) order by (customer_id, id);

create table if not exists events_settled (
  id Int64, customer_id Int64, kind LowCardinality(String), occurred_at DateTime64(3, 'UTC'), staff_id Int64,
  data String, _version UInt64
) engine = MergeTree partition by toYYYYMM(occurred_at) order by (customer_id, id);

create table if not exists touches_settled (
  id Int64, customer_id Int64, broadcast_id Int64, arm LowCardinality(String), status LowCardinality(String),
  reason LowCardinality(String), assigned_at DateTime64(3, 'UTC'), settled_at Nullable(DateTime64(3, 'UTC')),
  _version UInt64
) engine = MergeTree order by (customer_id, id)
