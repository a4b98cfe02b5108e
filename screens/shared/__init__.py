"""What several pages share: the frame, the map, queries, words, and the state of a visit."""
