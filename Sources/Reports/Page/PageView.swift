internal import Foundation

/// What the page's templates show, by the names that they use.
struct PageView {
  struct Link { let anchor, heading: String }

  struct CardView {
    let sentences, warnings, furtherWarnings: [String]
    let hasSentences, hasWarnings, hasFurtherWarnings: Bool
    let furtherCount: Int

    init(_ card: Overview.Card) {
      sentences = card.sentences
      warnings = card.warnings
      furtherWarnings = card.furtherWarnings
      hasSentences = !card.sentences.isEmpty
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
    let hasBlockTitle, hasBlockSubtitle, isFolded, hasLegend: Bool
    let legendEntries: [LegendEntryView]
    let figures: [FigureView]

    /// The experiment's heading says what the block's title begins with.
    init(_ block: FigureBlock, of study: Study) {
      let title =
        block.title.hasPrefix(study.title)
        ? String(block.title.dropFirst(study.title.count).drop { ":, ".contains($0) }) : block.title
      blockTitle = title.prefix(1).uppercased() + title.dropFirst()
      hasBlockTitle = !title.isEmpty
      blockSubtitle = block.subtitle
      hasBlockSubtitle = !block.subtitle.isEmpty && block.subtitle != study.subtitle
      isFolded = block.isFolded
      hasLegend = !block.legend.isEmpty
      legendEntries = block.legend.map(LegendEntryView.init)
      figures = block.figures.map { FigureView($0, withLegend: block.legend.isEmpty) }
    }
  }

  struct SectionView {
    let sectionID, sectionName, sectionTitle, introduction: String
    let blocks: [BlockView]

    init(_ section: FigureSection, of study: Study) {
      sectionID = section.anchor
      sectionName = section.id
      sectionTitle = section.title
      introduction = section.introduction
      blocks = section.blocks.map { BlockView($0, of: study) }
    }
  }

  /// One experiment, which the page folds but for the first.
  struct ExperimentView {
    let experimentID, experimentTitle, experimentSubtitle, experimentSummary: String
    /// How many things its card points out, in words; empty: none.
    let warningText: String
    let isOpen, hasWarningText, hasTables, foldsTables, hasTaskTables: Bool
    let tablesID: String
    let parts: [Link]
    let card: [CardView]
    let groupTables, taskTables: [TableView]
    let sections: [SectionView]

    init(_ report: StudyReport, isOpen: Bool) {
      let study = report.study
      let overview = Overview.card(study)
      experimentID = report.anchor
      experimentTitle = study.title
      experimentSubtitle = study.subtitle
      experimentSummary = overview.summary
      let warnings = overview.warnings.count + overview.furtherWarnings.count
      warningText =
        warnings == 0 ? "" : warnings == 1 ? "1 thing to look at" : "\(warnings) things to look at"
      hasWarningText = warnings > 0
      self.isOpen = isOpen
      card = [CardView(overview)].filter { $0.hasSentences || $0.hasWarnings }
      groupTables = report.mainTables.map(TableView.init)
      taskTables = report.taskTables.map(TableView.init)
      hasTables = !groupTables.isEmpty
      hasTaskTables = !taskTables.isEmpty
      foldsTables = report.foldsTables
      tablesID = report.tablesAnchor
      sections = report.sections.map { SectionView($0, of: study) }
      parts =
        (hasTables ? [Link(anchor: tablesID, heading: "Tables")] : [])
        + sections.map { Link(anchor: $0.sectionID, heading: $0.sectionTitle) }
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
  let isEmpty, hasComparison, hasGallery, hasRecipes, hasSeveralExperiments: Bool
  let comparisonSummary, comparisonTable: String
  let comparisonFigures: [FigureView]
  let experiments: [ExperimentView]
  let galleryGroups: [GalleryGroupView]
  let provenanceTable, recipeTable: String

  init(_ report: Report) {
    pageTitle = report.title
    policy = ReportPage.policy
    style = ReportPage.style
    script = ReportPage.script
    isEmpty = report.studies.isEmpty
    hasComparison = report.difference != nil
    comparisonSummary = report.difference?.summary ?? ""
    comparisonTable = report.difference.map { TableMarkup.html($0.table) } ?? ""
    comparisonFigures = report.differenceFigure.map { [FigureView($0, withLegend: true)] } ?? []
    experiments = report.studies.enumerated().map { ExperimentView($1, isOpen: $0 == 0) }
    hasSeveralExperiments = experiments.count > 1
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
  }
}
