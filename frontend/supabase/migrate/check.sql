-- What stands written must be what is here.
\set VERBOSITY terse
do $$
declare
  it record;
begin
  for it in select version, wanted.name from applied join wanted using (version) where applied.checksum <> wanted.checksum loop
    raise exception '%_% was edited after it ran: undo that and write another migration, or --force it', it.version, it.name;
  end loop;
  for it in select * from applied where not exists (select from wanted where wanted.version = applied.version) loop
    raise exception '%_% was applied and is not here: this is an older state of the migrations', it.version, it.name;
  end loop;
  for it in select * from wanted where not exists (select from applied where applied.version = wanted.version)
    and version < (select max(version) from applied) loop
    raise exception '%_% comes before migrations that were applied: give it a later number, or --force it', it.version, it.name;
  end loop;
end
$$;
\set VERBOSITY default
