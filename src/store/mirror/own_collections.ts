/** The local collection that says which documents are to be shipped. */
export const outbox = "mirror outbox";
/** The local collection that says which runs are to be archived in the remote store, too. */
export const archives = "mirror archives";
/** The local collection that names those of which the remote store may have documents that are not here yet. */
export const partial = "mirror partial";

/** The collections in which two stores at once note what is still to be done between them: of no meaning elsewhere. */
export const ownCollections: readonly string[] = [outbox, archives, partial];
