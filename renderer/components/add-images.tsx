import { type ReactNode, useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import { messages } from '../messages/en.ts';
import { usePageStores, useStationState, useStore } from '../store.ts';
import { listChosen } from './dropped-files.ts';
import { DialogButtons, PageDialog } from './page-dialog.tsx';

const words = messages.import;

type AddImagesProps = {
  readonly isOpen: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** The button and dialog by which images come in: the host's own dialogs, or the browser's where it has none. */
export function AddImages({ isOpen, onOpenChange }: AddImagesProps): ReactNode {
  const { importControl } = usePageStores();
  const { nativeDialogs } = useStationState();
  const { kind } = useStore(importControl.view);
  const busy = kind === 'running' || kind === 'listing';
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  // React knows no such attribute.
  useEffect(() => folder.current?.setAttribute('webkitdirectory', ''), []);

  const choose = (what: 'folder' | 'files'): void => {
    onOpenChange(false);
    if (nativeDialogs) void importControl.choose(what);
    else (what === 'folder' ? folder : files).current?.click();
  };
  const take = (input: HTMLInputElement): void => {
    if (input.files === null) return;
    const chosen = listChosen(input.files);
    input.value = '';
    void importControl.upload(Promise.resolve(chosen));
  };
  return (
    <>
      <Button data-kind="primary" onPress={() => onOpenChange(true)}>
        {words.add} <kbd>{words.addKey}</kbd>
      </Button>
      <input
        ref={folder}
        type="file"
        hidden
        data-testid="choose-folder"
        onChange={(event) => take(event.target)}
      />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-testid="choose-files"
        onChange={(event) => take(event.target)}
      />
      <PageDialog title={words.chooseTitle} isOpen={isOpen} onClose={() => onOpenChange(false)}>
        <p>{busy ? words.busy : words.chooseExplain}</p>
        <DialogButtons>
          <Button onPress={() => onOpenChange(false)}>{messages.shell.cancel}</Button>
          <Button isDisabled={busy} onPress={() => choose('files')}>
            {words.addFiles}
          </Button>
          <Button autoFocus isDisabled={busy} onPress={() => choose('folder')}>
            {words.addFolder}
          </Button>
        </DialogButtons>
      </PageDialog>
    </>
  );
}
