-- One line each: place, state, name, when.
select lpad(coalesce((place + 1)::text, '-'), 2), rpad(state, 8), version || '_' || name, coalesce(applied_at, '')
from (
  select place, version, coalesce(wanted.name, applied.name) as name, applied_at,
    case when wanted.version is null then 'unknown' when applied.version is null then 'pending'
      when applied.checksum <> wanted.checksum then 'edited' else 'applied' end as state
  from wanted full join applied using (version)
) it
order by version;
