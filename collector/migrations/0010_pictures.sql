-- Pictures that prompts show, by what is in them: two that are the same are one.
create table picture (
  site_id text not null,
  hash text not null,                       -- 32 hexadecimal digits of the SHA-256 of the bytes
  kind text not null,                       -- jpg | png
  bytes bytea not null,                     -- made anew from what was uploaded
  width bigint not null,                    -- in pixels
  height bigint not null,
  at bigint not null,                       -- when it was uploaded
  by_member text not null,
  primary key (site_id, hash)
);
