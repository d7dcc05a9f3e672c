-- Is the migration at this place still to be applied?
select not exists (select from applied join wanted using (version) where place = :at) as pending \gset
