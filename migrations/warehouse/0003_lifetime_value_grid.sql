-- Expected purchases of somebody alive, by model, repeat purchases and weeks since the first one: what BG/NBD needs a
-- hypergeometric function for, worked out once per fit. Of the Join engine, so that a column can look it up with joinGet.
create table if not exists lifetime_value_grid (
  model Int64, x UInt16, weeks UInt16, purchases_90 Float64, purchases_365 Float64
) engine = Join(any, left, model, x, weeks)
