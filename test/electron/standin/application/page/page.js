document.documentElement.dataset.bridge = typeof window.bridge;
