//! The watermark of drafts and samples: the WordArt shape that Word itself puts into headers, so that its own command
//! takes it away again.

use super::context::Context;
use super::xml::Element;
use crate::length::Length;
use crate::wording;

/// The run with the mark, where the document carries one; `ordinal` tells the headers of a document apart.
pub(super) fn run(context: &mut Context<'_>, landscape: bool, ordinal: i64) -> Option<Element> {
    let text = wording::watermark(&context.document.control, context.strings)?;
    let text = context.checked(text);
    let letters = text.chars().count().max(1) as f64;
    let diagonal = context.text_width(landscape).to_pt().hypot(context.text_height(landscape).to_pt());
    let width = (diagonal * 0.55).min(letters * 80.0);
    let height = Length::from_pt((width / letters * 1.3).min(130.0)).to_pt();
    let style = format!(
        "position:absolute;margin-left:0;margin-top:0;width:{width:.1}pt;height:{height:.1}pt;rotation:315;\
         z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;\
         mso-position-vertical:center;mso-position-vertical-relative:margin"
    );
    let font = context.theme.fonts.body.word.replace(['"', ';', '\''], "");
    let shape = Element::new("v:shape")
        .with("id", format!("PowerPlusWaterMarkObject{ordinal}"))
        .with("o:spid", format!("_x0000_s{}", 2048 + ordinal))
        .with("type", "#_x0000_t136")
        .with("alt", text.clone())
        .with("style", style)
        .with("o:allowincell", "f")
        .with("fillcolor", format!("#{}", context.theme.colours.rule.hex().to_lowercase()))
        .with("stroked", "f")
        .child(Element::new("v:fill").with("opacity", ".4"))
        .child(
            Element::new("v:textpath")
                .with("style", format!("font-family:\"{font}\";font-size:1pt"))
                .with("string", text),
        );
    Some(
        Element::new("w:r")
            .child(Element::new("w:rPr").child(Element::new("w:noProof")))
            .child(Element::new("w:pict").child(shape_type()).child(shape)),
    )
}

/// The definition of shape type 136, plain WordArt, as ECMA-376 part 4 has it.
fn shape_type() -> Element {
    let formulas = [
        "sum #0 0 10800",
        "prod #0 2 1",
        "sum 21600 0 @1",
        "sum 0 0 @2",
        "sum 21600 0 @3",
        "if @0 @3 0",
        "if @0 21600 @1",
        "if @0 0 @2",
        "if @0 @4 21600",
        "mid @5 @6",
        "mid @8 @5",
        "mid @7 @8",
        "mid @6 @7",
        "sum @6 0 @5",
    ];
    Element::new("v:shapetype")
        .with("id", "_x0000_t136")
        .with("coordsize", "21600,21600")
        .with("o:spt", "136")
        .with("adj", "10800")
        .with("path", "m@7,l@8,m@5,21600l@6,21600e")
        .child(Element::new("v:formulas").children(formulas.map(|formula| Element::new("v:f").with("eqn", formula))))
        .child(
            Element::new("v:path")
                .with("textpathok", "t")
                .with("o:connecttype", "custom")
                .with("o:connectlocs", "@9,0;@10,10800;@11,21600;@12,10800")
                .with("o:connectangles", "270,180,90,0"),
        )
        .child(Element::new("v:textpath").with("on", "t").with("fitshape", "t"))
        .child(
            Element::new("v:handles")
                .child(Element::new("v:h").with("position", "#0,bottomRight").with("xrange", "6629,14971")),
        )
        .child(Element::new("o:lock").with("v:ext", "edit").with("text", "t").with("shapetype", "t"))
}
