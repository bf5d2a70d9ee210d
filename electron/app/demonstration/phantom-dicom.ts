import { data } from 'dcmjs';
import type { PhantomView } from '../../../shared/imaging/phantom-shape.ts';
import type { PhantomPicture } from '../../../shared/imaging/phantom.ts';

/** Digital Mammography X-Ray Image Storage - For Presentation (PS3.4, B.5). */
const mammographyForPresentation = '1.2.840.10008.5.1.4.1.1.1.2';
const explicitLittleEndian = '1.2.840.10008.1.2.1';

export type PhantomIdentity = {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly instanceUid: string;
  readonly implementationUid: string;
  readonly patientName: string;
  readonly patientId: string;
  /** YYYYMMDD. */
  readonly studyDate: string;
  /** From 1. */
  readonly instanceNumber: number;
};

/**
 * Patient Orientation (0020,0020): where the rows and the columns of the picture lead. The chest wall of
 * a right breast is on the right of the picture, so its rows lead to posterior.
 */
function orientationOf({ laterality, viewPosition }: PhantomView): readonly string[] {
  const along = laterality === 'R' ? 'P' : 'A';
  const inwards = laterality === 'R' ? 'L' : 'R';
  return [along, viewPosition === 'CC' ? inwards : `F${inwards}`];
}

/**
 * A simulated mammogram as a DICOM Part 10 file (explicit VR, little endian). It says SIMULATED in the
 * pixels, Image Comments, Series Description, Study Description and Image Type.
 */
export function writePhantomDicom(
  picture: PhantomPicture,
  view: PhantomView,
  identity: PhantomIdentity,
): Uint8Array {
  const { DicomDict, DicomMetaDictionary } = data;
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: mammographyForPresentation,
      MediaStorageSOPInstanceUID: identity.instanceUid,
      TransferSyntaxUID: explicitLittleEndian,
      ImplementationClassUID: identity.implementationUid,
      ImplementationVersionName: 'FOVEA_PHANTOM',
    }),
  );
  const words = `SIMULATED ${view.laterality} ${view.viewPosition}`;
  file.dict = DicomMetaDictionary.denaturalizeDataset({
    SpecificCharacterSet: 'ISO_IR 100',
    ImageType: ['DERIVED', 'PRIMARY', '', 'SIMULATED'],
    SOPClassUID: mammographyForPresentation,
    SOPInstanceUID: identity.instanceUid,
    StudyDate: identity.studyDate,
    ContentDate: identity.studyDate,
    StudyTime: '090000',
    ContentTime: '090000',
    AccessionNumber: '',
    Modality: 'MG',
    PresentationIntentType: 'FOR PRESENTATION',
    Manufacturer: 'Fovea phantom',
    ReferringPhysicianName: '',
    StudyDescription: 'SIMULATED screening mammography',
    SeriesDescription: words,
    PatientName: identity.patientName,
    PatientID: identity.patientId,
    PatientBirthDate: '',
    PatientSex: 'O',
    BodyPartExamined: 'BREAST',
    ViewPosition: view.viewPosition,
    ImagerPixelSpacing: [0.28, 0.28],
    StudyInstanceUID: identity.studyUid,
    SeriesInstanceUID: identity.seriesUid,
    StudyID: '1',
    SeriesNumber: identity.instanceNumber,
    InstanceNumber: identity.instanceNumber,
    PatientOrientation: orientationOf(view),
    ImageLaterality: view.laterality,
    ImageComments: 'SIMULATED by a program; no patient. Not for diagnosis.',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: picture.rows,
    Columns: picture.columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    BurnedInAnnotation: 'YES',
    PixelIntensityRelationship: 'LOG',
    PixelIntensityRelationshipSign: 1,
    WindowCenter: 1400,
    WindowWidth: 2800,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
    LossyImageCompression: '00',
    PresentationLUTShape: 'IDENTITY',
    PixelData: [Uint16Array.from(picture.pixels).buffer],
    _vrMap: { PixelData: 'OW' },
  });
  return new Uint8Array(file.write());
}
