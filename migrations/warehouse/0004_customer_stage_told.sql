-- What PostgreSQL was told of each customer's stage, so that differences are found here; an empty stage: gone.
create table if not exists customer_stage_told (
  customer_id Int64, lifecycle_stage LowCardinality(String), rfm_group LowCardinality(String),
  told_at DateTime64(3, 'UTC')
) engine = ReplacingMergeTree(told_at) order by customer_id
