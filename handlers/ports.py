"""What verbs may ask of the world: one `Work` a transaction, and a `Context` with the moment and the county.

Every datetime is aware UTC. A `Work` commits when its block ends and rolls back on an error; whatever a verb writes
through it is there together or not at all. Rows come back as frozen values of `handlers.domain`.
"""
