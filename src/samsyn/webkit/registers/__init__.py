"""Pages of a company's registers, made from its catalog: lists, cards, forms, pickers, search, export."""
