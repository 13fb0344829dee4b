internal import Foundation

/// What the page's templates show, by the names that they use.
struct PageView {
  struct Link { let anchor, heading: String }

  struct CardView {
    let cardTitle, cardSubtitle: String
    let sentences, warnings, furtherWarnings: [String]
    var hasWarnings: Bool
    var hasFurtherWarnings: Bool
    let furtherCount: Int

    init(_ card: Overview.Card) {
      cardTitle = card.title
      cardSubtitle = card.subtitle
      sentences = card.sentences
      warnings = card.warnings
      furtherWarnings = card.furtherWarnings
      hasWarnings = !card.warnings.isEmpty
      hasFurtherWarnings = !card.furtherWarnings.isEmpty
      furtherCount = card.furtherWarnings.count
    }
  }

  struct TableView {
    let tableMarkup, tableLegend: String

    init(_ table: ReportTable) {
      tableMarkup = TableMarkup.html(table)
      tableLegend = table.legend.joined(separator: " ")
    }
  }

  struct TableGroupView {
    let groupTitle: String
    let groupTables, taskTables: [TableView]
    let hasTaskTables, isFoldedGroup: Bool
  }

  struct LegendEntryView {
    let swatch, entryTitle: String

    init(_ entry: LegendEntry) {
      var canvas = SVGCanvas(theme: .page)
      let paint = Paint.series(entry.style)
      canvas.line(0, 6, 22, 6, stroke: paint, width: 2, dash: MarkerShape.dash(of: entry.style))
      canvas.marker(entry.style, x: 11, y: 6, paint: paint)
      swatch = "<svg width=\"22\" height=\"12\" aria-hidden=\"true\">\(canvas.body)</svg>"
      entryTitle = entry.title
    }
  }

  struct FigureView {
    let figureID, figureTitle, figureDescription, figureClass, svg, dataMarkup: String

    init(_ figure: Figure, withLegend: Bool) {
      figureID = "\(figure.id)-figure"
      figureTitle = figure.title
      figureDescription = figure.description
      // Small ones shrink with the page, others scroll so that their text stays readable.
      let width = figure.chart.width
      figureClass = width <= 340 ? "small" : width <= 494 ? "medium" : "wide"
      svg = figure.element(withLegend: withLegend)
      dataMarkup = TableMarkup.html(figure.data)
    }
  }

  struct BlockView {
    let blockTitle, blockSubtitle: String
    let hasBlockSubtitle, isFolded, hasLegend: Bool
    let legendEntries: [LegendEntryView]
    let figures: [FigureView]

    init(_ block: FigureBlock) {
      blockTitle = block.title
      blockSubtitle = block.subtitle
      hasBlockSubtitle = !block.subtitle.isEmpty
      isFolded = block.isFolded
      hasLegend = !block.legend.isEmpty
      legendEntries = block.legend.map(LegendEntryView.init)
      figures = block.figures.map { FigureView($0, withLegend: block.legend.isEmpty) }
    }
  }

  struct SectionView {
    let sectionID, sectionTitle, introduction: String
    let blocks: [BlockView]

    init(_ section: FigureSection) {
      sectionID = section.id
      sectionTitle = section.title
      introduction = section.introduction
      blocks = section.blocks.map(BlockView.init)
    }
  }

  struct ImageView {
    let source, alternative, imageTitle: String
    let pixelWidth, pixelHeight: Int

    /// At most this wide and high on the page, and small ones twice as large or more.
    private static let side = 128.0

    init(_ image: GalleryImage) {
      source = "data:image/png;base64,\(image.png.base64EncodedString())"
      let severity = image.severity == "0" ? "" : " \(image.severity)"
      imageTitle = "\(image.corruption.spaced)\(severity)"
      alternative = "\(image.task), \(imageTitle)"
      let scale = Self.side / Double(max(image.width, image.height, 1))
      pixelWidth = Int((Double(image.width) * scale).rounded())
      pixelHeight = Int((Double(image.height) * scale).rounded())
    }
  }

  struct GalleryGroupView {
    let galleryTask: String
    let images: [ImageView]
  }

  let pageTitle, policy, style, script: String
  let contents: [Link]
  let isEmpty, hasComparison, hasTables, hasGallery, hasRecipes: Bool
  let cards: [CardView]
  let comparisonSummary, comparisonTable: String
  let comparisonFigures: [FigureView]
  let tableGroups: [TableGroupView]
  let sections: [SectionView]
  let galleryGroups: [GalleryGroupView]
  let provenanceTable, recipeTable: String

  init(_ report: Report) {
    pageTitle = report.title
    policy = ReportPage.policy
    style = ReportPage.style
    script = ReportPage.script
    isEmpty = report.studies.isEmpty
    cards = Overview.cards(report.studies).map(CardView.init)
    hasComparison = report.difference != nil
    comparisonSummary = report.difference?.summary ?? ""
    comparisonTable = report.difference.map { TableMarkup.html($0.table) } ?? ""
    comparisonFigures = report.differenceFigure.map { [FigureView($0, withLegend: true)] } ?? []
    tableGroups = report.tableGroups.map { group in
      TableGroupView(
        groupTitle: group.title, groupTables: group.main.map(TableView.init),
        taskTables: group.perTask.map(TableView.init), hasTaskTables: !group.perTask.isEmpty,
        isFoldedGroup: group.isFolded)
    }
    hasTables = !tableGroups.isEmpty
    sections = report.sections.map(SectionView.init)
    galleryGroups = report.runs.flatMap { run in
      run.gallery.map(\.task).unique.map { task in
        let ofTask = run.gallery.filter { $0.task == task }
        let clean = ofTask.filter { $0.corruption == DomainKey.cleanName }
        let shifted = ofTask.filter { $0.corruption != DomainKey.cleanName }
        return GalleryGroupView(
          galleryTask: report.runs.count > 1 ? "\(run.name): \(task)" : task,
          images: (clean + shifted).map(ImageView.init))
      }
    }
    hasGallery = !galleryGroups.isEmpty
    provenanceTable = TableMarkup.html(Overview.provenance(report.runs))
    let recipes = Overview.recipes(report.runs)
    hasRecipes = recipes != nil
    recipeTable = recipes.map(TableMarkup.html) ?? ""
    contents =
      (hasComparison ? [Link(anchor: "comparison", heading: "The runs compared")] : [])
      + [Link(anchor: "overview", heading: "Overview")]
      + (hasTables ? [Link(anchor: "tables", heading: "Tables")] : [])
      + sections.map { Link(anchor: $0.sectionID, heading: $0.sectionTitle) }
      + (hasGallery ? [Link(anchor: "gallery", heading: "Gallery")] : [])
      + [Link(anchor: "provenance", heading: "Provenance")]
  }
}
