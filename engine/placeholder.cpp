// Replaced by session, sampler, model.
