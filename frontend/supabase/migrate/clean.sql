-- No migration sees settings of the one before it; one that waits for others' locks makes everybody wait, so not for long.
reset session authorization;
reset all;
set client_min_messages = warning;
set lock_timeout = '30s';
