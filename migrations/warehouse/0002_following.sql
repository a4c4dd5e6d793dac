-- Who is in a watched segment, one bitmap for each refresh; PostgreSQL says which `seq` is in force.
create table if not exists segment_membership (
  segment_id Int64, seq Int64, members AggregateFunction(groupBitmap, Int64)
) engine = MergeTree order by (segment_id, seq);

-- Whose facts each pass of the loader changed; `version` is the pass. Two days are more than any refresh waits.
create table if not exists customer_changes (
  version UInt64, customer_id Int64, at DateTime default now()
) engine = MergeTree order by version ttl at + interval 2 day;

-- Customers with a fact that lies ahead, and when its time comes (epoch milliseconds): then their wide row is computed anew.
create table if not exists customer_due (
  customer_id Int64, at Int64
) engine = MergeTree order by at
