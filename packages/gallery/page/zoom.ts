import createPanzoom, { type PanzoomObject } from '@panzoom/panzoom';

const MOST_TIMES = 8;
const AT_ONCE = { animate: false };

export interface Zoom {
  /** Given an element when it is there, and none when it is gone. */
  attach: (element: Element | undefined) => void;
  in(): void;
  out(): void;
  reset(): void;
}

/** Zoom of one picture: by buttons, keys, wheel, two fingers, a double click, and drawn about while it is larger than the window. */
export function zoomable(): Zoom {
  let panzoom: PanzoomObject | undefined;
  let attached: HTMLElement | undefined;
  return {
    attach: (element) => {
      if (element === attached) return;
      panzoom?.destroy();
      panzoom = undefined;
      attached = element as HTMLElement | undefined;
      // It is told of before it is in the document.
      queueMicrotask(() => {
        if (attached?.isConnected && !panzoom) panzoom = makeZoomable(attached);
      });
    },
    in: () => void panzoom?.zoomIn(AT_ONCE),
    out: () => void panzoom?.zoomOut(AT_ONCE),
    reset: () => void panzoom?.reset(AT_ONCE),
  };
}

function makeZoomable(element: HTMLElement): PanzoomObject {
  const panzoom = createPanzoom(element, {
    maxScale: MOST_TIMES,
    minScale: 1,
    contain: 'outside',
    panOnlyWhenZoomed: true,
    cursor: 'zoom-in',
  });
  element.parentElement!.addEventListener('wheel', panzoom.zoomWithWheel, { passive: false });
  const toggle = () => (panzoom.getScale() > 1 ? panzoom.reset(AT_ONCE) : panzoom.zoom(2.5, AT_ONCE));
  element.addEventListener('dblclick', toggle);
  return panzoom;
}
