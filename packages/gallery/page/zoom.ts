import createPanzoom, { type PanzoomObject } from '@panzoom/panzoom';

const MOST_TIMES = 8;

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
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return {
    attach: (element) => {
      if (element === attached) return;
      panzoom?.destroy();
      panzoom = undefined;
      attached = element as HTMLElement | undefined;
      // It is told of before it is in the document.
      queueMicrotask(() => {
        if (attached?.isConnected && !panzoom) panzoom = makeZoomable(attached, { isStill });
      });
    },
    in: () => void panzoom?.zoomIn(),
    out: () => void panzoom?.zoomOut(),
    reset: () => void panzoom?.reset(),
  };
}

function makeZoomable(element: HTMLElement, { isStill }: { isStill: boolean }): PanzoomObject {
  const panzoom = createPanzoom(element, {
    maxScale: MOST_TIMES,
    minScale: 1,
    contain: 'outside',
    panOnlyWhenZoomed: true,
    animate: !isStill,
    cursor: 'zoom-in',
  });
  element.parentElement!.addEventListener('wheel', panzoom.zoomWithWheel, { passive: false });
  const toggle = () => (panzoom.getScale() > 1 ? panzoom.reset() : panzoom.zoom(2.5));
  element.addEventListener('dblclick', toggle);
  return panzoom;
}
