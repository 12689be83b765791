-- The names of events that have ever arrived, so that a rule that waits for one that never did can be told apart.
create table event_name (
  site_id text not null,
  name text not null,
  first_at bigint not null,                 -- when one of this name was received for the first time
  primary key (site_id, name)
);

insert into event_name (site_id, name, first_at)
  select site_id, name, min(received_at) from event where origin <> 'team' group by site_id, name;
