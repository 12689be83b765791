-- The map of a journey asks for the moves of the last weeks.
create index journey_move_at on journey_move (site_id, journey, at);
