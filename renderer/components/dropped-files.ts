/** One file that the page holds, with the path by which a person knows it. */
export type DroppedFile = { readonly name: string; readonly file: File };

function readEntries(reader: FileSystemDirectoryReader): Promise<readonly FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

function openFile(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

async function listEntry(entry: FileSystemEntry, found: DroppedFile[]): Promise<void> {
  const name = entry.fullPath.replace(/^\//u, '');
  if (entry.isFile) {
    found.push({ name, file: await openFile(entry as FileSystemFileEntry) });
    return;
  }
  // A reader gives at most 100 entries a call, and an empty list at the end.
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const entries = await readEntries(reader);
    if (entries.length === 0) return;
    for (const child of entries) await listEntry(child, found);
  }
}

/**
 * Every file that was dropped, folders searched through and through. The entries are taken before the
 * first await: after it the drop's items are gone.
 */
export function listDropped(transfer: DataTransfer): Promise<readonly DroppedFile[]> {
  const entries = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.webkitGetAsEntry());
  const loose = [...transfer.files];
  return (async () => {
    const found: DroppedFile[] = [];
    for (const entry of entries) if (entry !== null) await listEntry(entry, found);
    if (entries.every((entry) => entry === null))
      for (const file of loose) found.push({ name: file.name, file });
    return found;
  })();
}

/** The files of an input element, by their path below the chosen folder where there is one. */
export function listChosen(files: FileList): readonly DroppedFile[] {
  return [...files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

/** True where a drag carries files, not text or links. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}
