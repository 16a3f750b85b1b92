/** One figure of the paper (arXiv 1704.04861) beside what the cost model gives. */
export interface PaperFigure {
    table: 2 | 3 | 4 | 5 | 6 | 7;
    /** What the figure is of, such as `1.0 MobileNet-224`. */
    row: string;
    quantity: 'mult-adds (M)' | 'parameters (M)' | 'mult-adds (%)' | 'parameters (%)';
    /** As printed, so that its precision is known. */
    printed: string;
    /** To the printed precision. */
    computed: string;
    /** Why the two differ, where they do. */
    note?: string;
}
/** A figure of MobileNetV2's paper (arXiv 1801.04381). */
export interface PaperFigureV2 extends Omit<PaperFigure, 'table' | 'quantity'> {
    table: 2 | 4;
    quantity: 'input' | 'mult-adds (M)' | 'parameters (M)';
}
/** Every figure on cost in the paper's Tables 2 to 7. */
export declare function paperFigures(): PaperFigure[];
/** What Table 2 of MobileNetV2's paper says of its stages, and the figures on cost in Table 4. */
export declare function paperFiguresV2(): PaperFigureV2[];
