/** A linearization, F(x) = W·x + b. The major version is part of the name. */
export const LINEARIZATION_MIME = 'application/vnd.piecewise.linearization.v1+json';

/** An embedding: points, the coordinates that a network gave them, and the reasons for these. */
export const EMBEDDING_MIME = 'application/vnd.piecewise.embedding.v1+json';

/** A path: the outputs of a network along the straight line between two inputs. */
export const PATH_MIME = 'application/vnd.piecewise.path.v1+json';
